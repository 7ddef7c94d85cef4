export { findNatsServer } from './find-nats-server.js';
export type { FindOptions, FoundNatsServer } from './find-nats-server.js';
export { isOfTombstones, putLostEndAside } from './lost-end.js';
export { natsServerProcess, startNatsServer } from './start-nats-server.js';
export type { NatsServer, NatsServerOptions } from './start-nats-server.js';
export { MINIMUM_NATS_SERVER, compareVersions, parseVersion, showVersion } from './version.js';
export type { Version } from './version.js';
export { renderNatsConfig } from './render-nats-config.js';
export type {
  AccountName,
  NatsConfig,
  NatsExport,
  NatsImport,
  NatsTls,
  NatsUser,
  SubjectRules,
} from './nats-config.js';
export { ensureNkey, publicNkey } from './nkey.js';
export type { NkeyKind } from './nkey.js';
