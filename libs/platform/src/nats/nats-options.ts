import { readFileSync } from 'node:fs';
import { nkeyAuthenticator } from '@nats-io/transport-node';
import type { Authenticator, NodeConnectionOptions, TlsOptions } from '@nats-io/transport-node';
import { ConfigurationError } from '../config/index.js';
import type { NatsVariables, SiteProtocolVariables } from '../config/index.js';

/**
 * How a service connects: known by its nkey over mutual TLS, for ever. Certificates and seed are read again at every connect,
 * so a renewed file is in use after the next reconnect without a restart.
 *
 * @param name what the server shows for this connection
 * @throws ConfigurationError when one of certificate and key is missing
 */
export function natsOptions(variables: NatsVariables, name: string): NodeConnectionOptions {
  const { NATS_URL, NATS_NKEY_SEED_FILE } = variables;
  const tls = tlsOptions(variables);
  return {
    servers: NATS_URL.split(','),
    name,
    // Its own, so that the server can keep services from hearing each other's answers.
    inboxPrefix: `_INBOX_${name}`,
    ...(tls && { tls }),
    ...(NATS_NKEY_SEED_FILE !== undefined && { authenticator: nkeyIn(NATS_NKEY_SEED_FILE) }),
    // Else each request makes an error to begin with, in case it fails: a twentieth of what a service works.
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    // A server whose users or certificates are being replaced may refuse us for a while.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    reconnectJitterTLS: 250,
    timeout: 5_000,
    pingInterval: 10_000,
    maxPingOut: 2,
  };
}

/**
 * How a service that connects with `options` connects to answer sites: as a user of its own, so that nothing that a site makes it
 * answer can be written into the log.
 * @throws ConfigurationError when it has an nkey and none for this: its first user may answer nobody
 */
export function siteProtocolOptions(
  options: NodeConnectionOptions,
  { SITES_NKEY_SEED_FILE: seedFile }: SiteProtocolVariables,
): NodeConnectionOptions {
  if (seedFile !== undefined) return { ...options, authenticator: nkeyIn(seedFile) };
  if (options.authenticator === undefined) return options;
  const remedy = 'the user of NATS_NKEY_SEED_FILE may not answer sites; give the seed of the one that may';
  throw new ConfigurationError([{ variable: 'SITES_NKEY_SEED_FILE', says: 'is missing', remedy }]);
}

function tlsOptions(variables: NatsVariables): TlsOptions | undefined {
  const { NATS_CA_FILE: caFile, NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile } = variables;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const variable = certFile === undefined ? 'NATS_CERT_FILE' : 'NATS_KEY_FILE';
    throw new ConfigurationError([
      { variable, says: 'is missing', remedy: 'a client certificate needs both NATS_CERT_FILE and NATS_KEY_FILE' },
    ]);
  }
  if (caFile === undefined && certFile === undefined && !variables.NATS_URL.includes('tls://')) return undefined;
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(variables.NATS_TLS_HANDSHAKE_FIRST && { handshakeFirst: true }),
  };
}

/** Signs in as the user whose seed is in the file, which is read at every connect. */
const nkeyIn = (seedFile: string): Authenticator => nkeyAuthenticator(() => seedOf(seedFile));

/** A seed file may be a bare seed or nk's decorated form; the seed is the line that looks like one. */
function seedOf(file: string): Uint8Array {
  const seed = /^S[A-Z2-7]{40,}$/m.exec(readFileSync(file, 'utf8'))?.[0];
  if (seed === undefined) throw new Error(`there is no nkey seed in ${file}`);
  return new TextEncoder().encode(seed);
}
