import type { Credential } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { exportPrivateKey, generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import { GARBAGE, HALF_A_HELLO, talk, tcp, tls } from './connections.js';
import type { Heard, Port, Talk } from './connections.js';
import type { Stage } from './stage.js';

/** Longer than any port takes to end a connection that it understands nothing of. */
const PATIENCE_MS = 20_000;
const MEBIBYTE = 1_048_576;

/** What each port is told, one after the other; all ports at once. Says in words who did not end it. */
export async function garbageAt(stage: Stage, ports: readonly Port[]): Promise<string[]> {
  const faults = await Promise.all(ports.map((port) => garbageAtOne(stage, port)));
  return faults.flat();
}

async function garbageAtOne(stage: Stage, { port, owner, speaks }: Port): Promise<string[]> {
  const said: Readonly<Record<string, Talk>> = {
    'random bytes': { begin: GARBAGE.subarray(0, 4_096), half: true },
    'half a handshake': { begin: HALF_A_HELLO, half: true },
    'the begin of HTTP/2': { begin: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', half: true },
    'an HTTP request': { begin: 'GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', half: true },
    'a line of NATS': { begin: 'CONNECT {"user":"sys"}\r\nPUB $SYS.REQ.SERVER.PING 0\r\n\r\n', half: true },
    'sixty-four megabytes': { flood: 64 * MEBIBYTE, half: false },
  };
  const faults: string[] = [];
  const note = (what: string, { ms, text }: Heard): void => {
    if (ms === undefined) faults.push(`${what} at ${port} is not ended: ${owner}`);
    if (/root:|-----BEGIN|password/.test(text))
      faults.push(`${what} at ${port} is told ${text.slice(0, 200)}: ${owner}`);
  };
  for (const [what, words] of Object.entries(said))
    note(what, await talk(tcp(port), { ...words, patienceMs: PATIENCE_MS }));
  if (speaks !== 'tls') return faults;
  const serverName = serverNameOf('member', stage.network.id);
  const credentials = { nobody: undefined, 'a stranger': stranger(), 'a member': stage.member.credential };
  for (const [who, credential] of Object.entries(credentials)) {
    note(
      `garbage of ${who}`,
      await talk(tls(port, credential, serverName), { begin: GARBAGE, half: true, patienceMs: PATIENCE_MS }),
    );
  }
  return faults;
}

/** Ways around the token: by what a router, or a server of files, might take for another path. Says in words which leads in. */
export async function waysAround({ installation: { plane } }: Stage): Promise<string[]> {
  const port = Number(new URL(plane.apiUrl).port);
  const paths = [
    '/api/docs/../v1/backbones',
    '/api/docs/..%2fv1/backbones',
    '/api/docs/%2e%2e/v1/backbones',
    '/api/docs/..\\v1\\backbones',
    '/api/docs/../../../../../../etc/passwd',
    '/api/docs/%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json',
    '/api/docs/%00',
    '/api/docs//etc/passwd',
    '/api/openapi.json/../v1/backbones',
    '/api/openapi.json?/../v1/backbones',
    '//api/v1/backbones',
    '/api/v1/backbones#/api/docs/',
    '/api/v1/backbones;/api/docs/',
    `http://127.0.0.1:${port}/api/v1/backbones`,
    '*',
  ];
  const faults = paths.map(async (path) => {
    const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`;
    const { text } = await talk(tcp(port), { begin: request });
    const isDocument = text.includes('"openapi":"3.1.0"'); // which is open to all
    const isShut = /^HTTP\/1\.1 (4\d\d|301)/.test(text) && !/"items"|root:/.test(text);
    return isDocument || isShut ? [] : [`${path}: ${text.slice(0, 300)}`];
  });
  return (await Promise.all(faults)).flat();
}

/** Somebody whose authority is his own. */
function stranger(): Credential {
  const keyPair = generateKeyPair();
  const { certificatePem } = selfSignRoot({ commonName: 'stranger', keyPair, serial: randomSerial(), now: new Date() });
  return { chain: [certificatePem], key: exportPrivateKey(keyPair.privateKey).reveal() };
}
