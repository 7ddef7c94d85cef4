import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import type { NatsConnection } from '@nats-io/transport-node';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import type { TestAuthorities } from '../testing.fixture.js';
import { streamTo } from './stream-to.js';

/** A nats-server as the management plane runs it: TLS first, and nobody without a certificate below our root. */
export interface TestManagement {
  readonly nats: TestNats;
  readonly authorities: TestAuthorities;
  /** What a data plane's `openControl` gives: bytes to and from that server. */
  openControl(): Promise<Duplex>;
  /** A service of the management plane. It does not come back by itself: a factory of transports is one for the process. */
  service(): Promise<NatsConnection>;
}

/** `also`: more of its configuration. */
export function useManagement(also = ''): () => TestManagement {
  let management: TestManagement | undefined;
  let dir: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'caravan-management-'));
    const authorities = testAuthorities();
    const server = authorities.make('natsServer', undefined, ['caravan.control', '127.0.0.1']);
    const file = (name: string, content: string): string => {
      writeFileSync(join(dir, name), content, { mode: 0o600 });
      return JSON.stringify(join(dir, name));
    };
    const tls = [
      `cert_file: ${file('cert.pem', server.chain.join('\n'))}`,
      `key_file: ${file('key.pem', server.key)}`,
      `ca_file: ${file('ca.pem', authorities.pem('root'))}`,
      'verify: true, handshake_first: true, timeout: 5',
    ];
    const nats = await launchNats({ config: `tls { ${tls.join('\n')} }\n${also}` });
    const service = authorities.make('service', { kind: 'service', installation: INSTALLATION, name: 'management' });
    management = {
      nats,
      authorities,
      openControl: () => streamTo(nats),
      service: () =>
        nats.connect({
          reconnect: false,
          tls: { handshakeFirst: true, ca: authorities.pem('root'), cert: service.chain.join('\n'), key: service.key },
        }),
    };
  }, 120_000);
  afterAll(async () => {
    await management?.nats.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return () => {
    if (management) return management;
    throw new Error('the management side runs only inside tests');
  };
}
