import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIdentity } from '@caravan/pki';
import { createLog } from '@caravan/platform';
import { eventually, freePort, whileFrozen } from '@caravan/testing';
import { launchNats } from '@caravan/testing/servers';
import type { TestNats } from '@caravan/testing/servers';
import type { NatsConnection } from '@nats-io/transport-node';
import { Directory } from '../directory/directory.js';
import { Kicking } from './kicking.js';
import { NatsServers } from './nats-servers.js';
import { lasting } from '../networks/network.fixture.js';

const memberOf = (memberId: string): string =>
  formatIdentity({ kind: 'member', installation: 'acme', networkId: 'fair', memberId });
const MEMBERS = ['m1', 'm2', 'm3', 'm4', 'm5'];

describe('who was removed, in a cluster', () => {
  const servers: TestNats[] = [];
  const lines: string[] = [];
  let system: NatsConnection;
  let sites: NatsConnection[];

  beforeAll(async () => {
    const ports = [await freePort(), await freePort()];
    const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
    const users = MEMBERS.map((id) => `{ user: "${memberOf(id)}", password: site }`).join(', ');
    for (const port of ports) {
      const config = `
        server_name: n${port}
        system_account: SYS
        accounts { SYS { users: [{ user: system, password: system }] }, SITES { users: [${users}] } }
        cluster { name: test, listen: "127.0.0.1:${port}", pool_size: -1, routes: [${routes}] }`;
      servers.push(await launchNats({ config }));
    }
    const [here, there] = servers;
    system = await here!.connect({ user: 'system', pass: 'system' });
    const connected = MEMBERS.map((id) => there!.connect({ user: memberOf(id), pass: 'site', reconnect: false }));
    sites = await Promise.all(connected);
    await eventually('they know each other', async () => (await new NatsServers(system, 'SITES').cluster()).size === 2);
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  it('is found on every page, each once', async () => {
    const pages = new NatsServers(system, 'SITES', { size: 2, again: 1 });
    const found = await eventually('both servers answer in time', async () => {
      const [answered, found] = [new Set<string>(), [] as string[]];
      for await (const { name } of pages.connections(answered)) found.push(name);
      return answered.size === 2 && found;
    });
    expect(found.sort()).toEqual(MEMBERS.map(memberOf));
  });

  it('is disconnected by a server that was silent at first, once it is not', async () => {
    const directory = new Directory();
    directory.networks.set('fair', lasting('2025-01-01T00:00:00.000Z'));
    for (const id of MEMBERS.slice(1))
      directory.members.set(id, { networkId: 'fair', backboneId: 'b1', accessPoints: [], linkCertificates: [] });
    const log = createLog('test', 'info', { write: (line) => void lines.push(line) });
    const kicking = new Kicking(new NatsServers(system, 'SITES'), directory, log, () => new Date());
    await whileFrozen([servers[1]!.pid], () => kicking.sweep());
    await eventually('the removed one is gone', async () => {
      await kicking.lookForEnds();
      return sites[0]!.isClosed();
    });
    expect(lines.join('')).toContain('not every nats-server');
    expect(sites.map((site) => site.isClosed())).toEqual([true, false, false, false, false]);
  });
});
