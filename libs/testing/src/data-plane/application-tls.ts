import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorTls, ListenerTls } from '@caravan/data-plane';
import { issue, makeRoot } from './authorities.js';
import type { Authority, Credential } from './authorities.js';
import { ask, askPort, bytes, cut, dial, echoing, hash, isOpen, serve } from './sockets.js';
import type { TestServer } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { dialTls, serveTls } from './tls-sockets.js';
import { Topology } from './topology.js';

/** What a stream says until its end. It is not closed by that, as it would be by `for await`. */
const heardBy = (stream: Duplex): Promise<string> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.once('end', () => resolve(hash(Buffer.concat(pieces))));
    stream.once('close', () => resolve('cut off'));
    stream.resume();
  });

const SIZE = 4 * 1024 * 1024;
const server = (by: Authority, host = 'localhost'): Credential => issue(by, 'apiServer', { hosts: [host] });
const client = (by: Authority): Credential => issue(by, 'service', { identity: 'spiffe://test/service/client' });

/** TLS between applications and the sites that carry for them: passed through, ended, begun, or both. */
export function speaksTls(start: StartDataPlane): void {
  describe('speaks TLS with applications', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    /** Of those who serve, of those who ask, and of nobody here. */
    const [servers, clients, strangers] = [makeRoot(), makeRoot(), makeRoot()] as const;
    let hq: TestSite;
    let store: TestSite;
    beforeAll(async () => {
      const r1 = await topology.relay('r1');
      const r2 = await topology.relay('r2', r1);
      hq = await topology.member('hq', a, r1);
      store = await topology.member('store', a, r2);
      for (const site of [hq, store]) {
        await site.change(({ certificates, trusts }) => {
          certificates['web'] = server(servers);
          certificates['client'] = client(clients);
          trusts['servers'] = [servers.certificatePem];
          trusts['clients'] = [clients.certificatePem];
        });
      }
    });
    afterAll(() => topology.close());

    let names = 0;
    /** A way from a listener at one site to a server at the other. Answers the port. */
    async function way(to: number, tls: { listener?: ListenerTls; connector?: ConnectorTls } = {}): Promise<number> {
      const address = `app-${++names}`;
      await hq.connect(a.id, address, to, tls.connector);
      const port = await store.listen(a.id, address, tls.listener);
      await topology.known(a, hq, store);
      return port;
    }
    const plain = async () => {
      const made = await serve(echoing('plain'));
      topology.closing.add(made.close);
      return made.port;
    };
    const secured = async (credential = server(servers), trust?: Authority) => {
      const made = await serveTls({ credential, ...(trust && { trust }) }, echoing('secured'));
      topology.closing.add(made.close);
      return made.port;
    };
    const ends = { certificateId: 'web' };
    const begins = { serverName: 'localhost', trustId: 'servers' };
    /** Both ends of a new connection to a server that says nothing by itself. */
    async function connected<Kind extends Socket>(to: TestServer<Kind>, tls: Parameters<typeof way>[1]) {
      topology.closing.add(to.close);
      const port = await way(to.port, tls);
      const arriving = to.next();
      const near = await dialTls(port, { trust: servers });
      return { near, far: await arriving };
    }
    const asked = async (port: number, terms: Parameters<typeof dialTls>[1]): Promise<string> => {
      const socket = await dialTls(port, terms);
      try {
        return await ask(socket, 'x');
      } finally {
        socket.destroy();
      }
    };

    it.each([
      ['passed through, as it comes', secured, {}, true, 'secured: x'],
      ['ended at the listener', plain, { listener: ends }, true, 'plain: x'],
      ['begun at the connector', secured, { connector: begins }, false, 'secured: x'],
      ['ended and begun again', secured, { listener: ends, connector: begins }, true, 'secured: x'],
      ['none at all', plain, {}, false, 'plain: x'],
    ] as const)('%s', async (_, serving, tls, isSecured, answer) => {
      const port = await way(await serving(), tls);
      expect(await (isSecured ? asked(port, { trust: servers }) : askPort(port, 'x'))).toBe(answer);
    });

    it('and proves a listener by its certificate: whoever trusts others is not taken in', async () => {
      const port = await way(await plain(), { listener: ends });
      await expect(dialTls(port, { trust: strangers })).rejects.toThrow(/self-signed|unable to/);
      await expect(dialTls(port, { trust: servers, serverName: 'other' })).rejects.toThrow('Hostname');
    });

    it('and refuses clients of an address that nobody offers, without an end to anybody else’s', async () => {
      const alone = await topology.relay('alone');
      await alone.change(({ certificates }) => void (certificates['web'] = server(servers)));
      const port = await alone.listen(a.id, 'nobody-offers-it', ends);
      for (let client = 0; client < 20; client++) await expect(asked(port, { trust: servers })).rejects.toThrow();
      await alone.until(
        'it goes on',
        ({ items }) => items[`listener/listener-${a.id}-nobody-offers-it`]?.state === 'applied',
      );
    });

    it('and lets in clients that prove themselves, where they must, and nobody else', async () => {
      const port = await way(await plain(), { listener: { ...ends, clientTrustId: 'clients' } });
      expect(await asked(port, { trust: servers, credential: client(clients) })).toBe('plain: x');
      await expect(asked(port, { trust: servers, credential: client(strangers) })).rejects.toThrow();
      await expect(asked(port, { trust: servers })).rejects.toThrow();
      await expect(askPort(port, 'no TLS at all')).rejects.toThrow();
      expect(await asked(port, { trust: servers, credential: client(clients) })).toBe('plain: x');
    });

    it.each([
      ['under an authority that is not trusted', () => server(strangers)],
      ['for another host', () => server(servers, 'other')],
    ])('and gives nothing to a server that shows a certificate %s, and says so', async (_, shown) => {
      const port = await way(await secured(shown()), { connector: begins });
      await expect(askPort(port, 'x')).rejects.toThrow();
      const key = `connector/connector-${a.id}-app-${names}`;
      await hq.until('it says why', ({ items }) => /certificate|Hostname/.test(items[key]?.detail ?? ''));
    });

    it('and proves a connector to a server that asks for it', async () => {
      const strict = await secured(server(servers), clients);
      const port = await way(strict, { connector: { ...begins, certificateId: 'client' } });
      expect(await askPort(port, 'x')).toBe('secured: x');
      await expect(askPort(await way(strict, { connector: begins }), 'x')).rejects.toThrow();
    });

    it('with the bytes and the half-closes of TCP', async () => {
      const made = await serveTls({ credential: server(servers) });
      const { near, far } = await connected(made, { listener: ends, connector: begins });
      const [up, down] = [bytes(SIZE, 1), bytes(SIZE, 2)];
      const heard = heardBy(far);
      near.end(up);
      expect(await heard).toBe(hash(up));
      const answered = heardBy(near);
      far.end(down);
      expect(await answered).toBe(hash(down));
    });

    it('and who is cut off is not told that it was the end', async () => {
      const { near, far } = await connected(await serve(), { listener: ends });
      const cutOff = new Promise((resolve) => near.once('error', resolve));
      far.write('half of it');
      await once(near, 'data');
      cut(far);
      expect(await cutOff).toMatchObject({ code: 'ECONNRESET' });
    });

    it('with a certificate that is replaced: from the next connection on, and nobody is cut off', async () => {
      const port = await way(await plain(), { listener: { certificateId: 'replaced' } });
      expect(await isOpen(port)).toBe(false);
      const key = `listener/listener-${a.id}-app-${names}`;
      await store.until('it waits', ({ items }) => items[key]?.state === 'waiting');
      const replace = async (by: Authority) => {
        await store.change(({ certificates }) => void (certificates['replaced'] = server(by)));
        await store.applied(key);
      };
      await replace(servers);
      const early = await dialTls(port, { trust: servers });
      expect(await ask(early, '1')).toBe('plain: 1');
      await replace(strangers);
      expect(await asked(port, { trust: strangers })).toBe('plain: x');
      await expect(dialTls(port, { trust: servers })).rejects.toThrow();
      expect(await ask(early, '2')).toBe('plain: 2');
      await store.change(({ certificates }) => void delete certificates['replaced']);
      await store.until('it waits', ({ items }) => items[key]?.state === 'waiting');
      await expect(dial(port)).rejects.toThrow();
      expect(await ask(early, '3')).toBe('plain: 3');
      early.destroy();
    });
  });
}
