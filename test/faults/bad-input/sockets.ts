import { request } from 'node:http';
import { join } from 'node:path';
import { emptyConfiguration } from '@caravan/data-plane';
import { relayPaths } from '@caravan/data-plane/relay';
import type { TestSite } from '@caravan/testing/installation';
import { GARBAGE, talk, unix } from './connections.js';
import { sumOf } from './metrics.js';

interface Answer {
  readonly status: number;
  readonly text: string;
}

const socketOf = ({ dir }: TestSite): string => join(dir, 'run', 'relay.sock');

/** One request to the relay of a site over its Unix socket; status 0: it ended the connection. */
function ask(site: TestSite, method: string, path: string, body?: string | Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    const asking = request({ socketPath: socketOf(site), method, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString()));
      response.on('error', () => resolve({ status: 0, text }));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.on('error', (error) => resolve({ status: 0, text: error.message }));
    asking.end(body);
  });
}

/** Configurations of which none may take effect, not even in part. A whole one would end every link of the site. */
function wrongConfigurations(siteId: string): Record<string, string | Buffer> {
  const empty = emptyConfiguration(siteId);
  const listener = { kind: 'listener', id: 'l', networkId: 'n', address: 'echo', host: '127.0.0.1', port: 8080 };
  const text = (change: object) => JSON.stringify({ ...empty, ...change });
  return {
    'random bytes': GARBAGE.subarray(0, 4_096),
    nothing: '',
    'half a configuration': text({}).slice(0, -1),
    'a list': '[]',
    'another shape': '{"siteId":7}',
    'a part of it': JSON.stringify({ siteId, listeners: [] }),
    'a member that is not known': text({ tunnels: [] }),
    'a wrong port': text({ listeners: [{ ...listener, port: 70_000 }] }),
    'an item of another kind': text({ connectors: [listener] }),
    'a wrong address': text({ listeners: [{ ...listener, address: '../etc' }] }),
    'ten thousand levels': `${text({}).slice(0, -1)},"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'a key that is too long': text({ certificates: { site: { chain: 'x', key: 'k'.repeat(20_000) } } }),
    'more than it reads': Buffer.alloc(65 * 1_048_576, 0x20),
  };
}

export const relayMetrics = async (site: TestSite): Promise<string> =>
  (await ask(site, 'GET', relayPaths.metrics)).text;

/** What a relay is told over its socket by who may open it, and should not have said it. Says in words what it took. */
export async function wrongAtSocket(site: TestSite, siteId: string): Promise<string[]> {
  const faults: string[] = [];
  const refused = async () => sumOf(await relayMetrics(site), 'caravan_relay_control_refused_total');
  const itemsOf = async () => {
    const { items } = JSON.parse((await ask(site, 'GET', relayPaths.observation)).text) as { items: object };
    return Object.keys(items).sort().join();
  };
  const [before, items] = [await refused(), await itemsOf()];
  const wrong = Object.entries(wrongConfigurations(siteId));
  for (const [what, body] of wrong) {
    const { status, text } = await ask(site, 'PUT', relayPaths.configuration, body);
    const isRefused = status >= 400 && status < 500 && text.includes('"code"');
    // What is refused in the middle of 65 MB may be refused by ending it.
    if (!isRefused && !(what === 'more than it reads' && status === 0))
      faults.push(`${what}: ${status} ${text.slice(0, 200)}`);
    if (text.includes('kkkk')) faults.push(`${what}: the answer quotes a key`);
  }
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', relayPaths.configuration],
    ['GET', `/${'x'.repeat(5_000)}`],
  ] as const) {
    const { status } = await ask(site, method, path);
    if (status < 400 || status >= 500) faults.push(`${method} ${path.slice(0, 20)}: ${status}`);
  }
  const heard = await talk(unix(socketOf(site)), { begin: GARBAGE.subarray(0, 4_096), half: true });
  if (heard.ms === undefined) faults.push('random bytes at the socket are not ended');
  if ((await refused()) - before < wrong.length) faults.push('not everything that was refused was counted');
  if ((await itemsOf()) !== items) faults.push('its items are others than before');
  return faults;
}
