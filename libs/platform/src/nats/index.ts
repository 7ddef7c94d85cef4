export { NATS, NATS_OPTIONS, NatsModule } from './nats.module.js';
export { natsOptions, siteProtocolOptions } from './nats-options.js';
export { isLost, openNats } from './open-nats.js';
