import { join } from 'node:path';
import { writeSecret } from '@caravan/installation';
import { INSTALLATION, issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { workspaceRoot } from '@caravan/testing/installation';
import type { TestInstallation } from '@caravan/testing/installation';
import type { BareHop } from './bare-hop-file.js';
import { tlsAt } from './tls-at.js';
import type { Ports, Way } from './way.js';

const PROGRAM = join(workspaceRoot, 'apps', 'bench', 'dist', 'relay', 'bare-hop.js');

/** As a relay has them for a line that carries bulk. */
const WINDOW = 256 * 1024;

/** client -> a -> near -> far -> b -> server, as the relays do it, by four processes that can do nothing else. */
export async function bareWay(installation: TestInstallation, servers: Ports): Promise<Way> {
  const choose = (name: string): Promise<number> => installation.ports.choose(`bare ${name}`);
  const ports = { sink: await choose('sink'), echo: await choose('echo') };
  const [near, far, b] = [await choose('near'), await choose('far'), await choose('b')];
  const credentials = authority();
  const pids: Record<string, number> = {};
  const start = async (name: string, does: Pick<BareHop, 'accepts' | 'leadsTo'>): Promise<void> => {
    const hop: BareHop = { ...credentials(), window: WINDOW, ...does };
    const file = writeSecret(installation.state, `bare-${name}.json`, JSON.stringify(hop));
    const spec = { name: `bare-${name}`, command: PROGRAM, args: [file], ready: /^ready$/m, restart: 'never' } as const;
    pids[name] = (await installation.run(spec)).pid!;
  };
  // The last first: each dials the next when it starts.
  await start('b', { accepts: { port: b }, leadsTo: { ports: servers } });
  await start('far', { accepts: { port: far }, leadsTo: { port: b } });
  await start('near', { accepts: { port: near }, leadsTo: { port: far } });
  await start('a', { accepts: { ports }, leadsTo: { port: near } });
  return { ports, pids, tls: await tlsAt(far, 'localhost') };
}

/** Each end with a key of its own, of the kind and under the number of authorities that the relays have. */
function authority(): () => Pick<BareHop, 'ca' | 'server' | 'client'> {
  const root = makeRoot();
  const infrastructure = makeAuthority(makeAuthority(root, 'backboneCa', 'backbone'), 'infrastructureCa', 'bare');
  const issued = (profile: 'accessPoint' | 'backboneSite', names: { identity: string; hosts?: readonly string[] }) => {
    const { chain: cert, key } = issue(infrastructure, profile, names, { withIntermediates: true });
    return { cert, key };
  };
  const identity = `spiffe://${INSTALLATION}/backbone/bare`;
  return () => ({
    ca: root.certificatePem,
    server: issued('accessPoint', { identity: `${identity}/access-point/bare`, hosts: ['localhost', '127.0.0.1'] }),
    client: issued('backboneSite', { identity: `${identity}/site/bare` }),
  });
}
