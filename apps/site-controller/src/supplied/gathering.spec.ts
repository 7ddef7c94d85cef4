import { describe, expect, it } from 'vitest';
import type { Item } from '@caravan/data-plane';
import {
  describeCertificate,
  exportPrivateKey,
  generateKeyPair,
  issueCertificate,
  randomSerial,
  Secret,
  selfSignRoot,
  splitChain,
  verifyChain,
} from '@caravan/pki';
import {
  at,
  client,
  connector,
  DAY,
  listener,
  material,
  other,
  own,
  server,
  Site,
  start,
  theirs,
} from './gathering.fixture.js';

describe('TLS with applications', () => {
  it('needs nothing where nobody speaks it, and makes no authority for it', async () => {
    const site = new Site();
    const {
      certificates,
      trusts,
      authority: signer,
    } = await site.gather({ kind: 'listener', id: 'l', ...at, address: 'web' });
    expect([certificates, trusts, signer, site.asked]).toEqual([{}, {}, undefined, 0]);
  });

  it('is spoken with what the site makes, for what clients call its listeners', async () => {
    const { certificates, trusts, problems, authority: signer } = await new Site().gather(server, client);
    expect([...problems]).toEqual([]);
    const { hosts } = describeCertificate(certificates['server.service-server']!.chain);
    expect(hosts).toEqual(expect.arrayContaining(['web', '192.0.2.7', 'localhost', '127.0.0.1']));
    for (const [name, use] of [
      ['service-server', 'server'],
      ['service-client', 'client'],
    ] as const) {
      const found = verifyChain(certificates[`${use}.${name}`]!.chain, [], [own.certificatePem], start, use);
      expect(found.ok).toBe(true);
    }
    expect([signer, trusts['service-client']]).toEqual([[own.certificatePem], [own.certificatePem]]);
  });

  it('makes nothing anew before it is old, or clients call it otherwise', async () => {
    const site = new Site();
    const chain = async (...items: Item[]) =>
      (await site.gather(...items)).certificates['server.service-server']!.chain;
    const first = await chain(server);
    expect(await chain(server)).toBe(first);
    const more = await chain(server, listener({ certificateId: 'service-server' }, 'shop'));
    expect(more).not.toBe(first);
    site.now = new Date(start.getTime() + 53 * DAY);
    expect(await chain(server, listener({ certificateId: 'service-server' }, 'shop'))).toBe(more);
    site.now = new Date(start.getTime() + 55 * DAY);
    expect(await chain(server, listener({ certificateId: 'service-server' }, 'shop'))).not.toBe(more);
  });

  it('has what is missing signed by the authority that is supplied', async () => {
    const site = new Site();
    site.supplied.set('service-ca', material(theirs));
    const { certificates, trusts } = await site.gather(server, client);
    expect(verifyChain(certificates['server.service-server']!.chain, [], [theirs.certificatePem], start).ok).toBe(true);
    expect(trusts['service-client']).toEqual([theirs.certificatePem]);
    expect(site.asked).toBe(0);
  });

  /** Seed 004: an authority is there for what is missing, and for nothing else. */
  const names = ['service-ca', 'service-client', 'service-server'];
  const combinations = Array.from({ length: 8 }, (_, bits) => names.filter((_name, place) => (bits >> place) & 1));
  it.each(combinations.map((present) => [present.join(', ') || 'nothing', present] as const))(
    'is spoken with what is supplied, and with what is signed for the rest: %s',
    async (_, present) => {
      const supplier = await new Site().gather(server, client);
      const site = new Site();
      const has = (name: string) => present.includes(name);
      const supply = (id: string) => {
        const { chain, key } = supplier.certificates[id]!;
        return { certificate: chain, key: new Secret(key), trust: other.certificatePem };
      };
      if (has('service-ca')) site.supplied.set('service-ca', material(theirs));
      if (has('service-client')) site.supplied.set('service-client', supply('client.service-client'));
      if (has('service-server')) site.supplied.set('service-server', supply('server.service-server'));
      const { certificates, trusts, problems, authority } = await site.gather(server, client);
      const signer = has('service-ca') ? theirs : own;
      for (const [name, use] of [
        ['service-server', 'server'],
        ['service-client', 'client'],
      ] as const) {
        // prettier-ignore
        const { chain } = certificates[`${use}.${name}`]!;
        expect(chain === supplier.certificates[`${use}.${name}`]!.chain).toBe(has(name));
        const by = has(name) ? own : signer;
        expect(verifyChain(chain, [], [by.certificatePem], start, use).ok).toBe(true);
      }
      expect(trusts['service-client']).toEqual([(has('service-client') ? other : signer).certificatePem]);
      const isUsed = !has('service-client') || !has('service-server');
      expect(authority).toEqual(isUsed ? [signer.certificatePem] : undefined);
      expect([site.asked > 0, [...problems]]).toEqual([isUsed && !has('service-ca'), []]);
    },
  );

  it('uses an authority for nothing where everything is supplied', async () => {
    const site = new Site();
    const given = await new Site().gather(server, client);
    const supply = (id: string) => ({
      certificate: given.certificates[id]!.chain,
      key: new Secret(given.certificates[id]!.key),
    });
    site.supplied.set('service-server', supply('server.service-server'));
    site.supplied.set('service-client', { ...supply('client.service-client'), trust: theirs.certificatePem });
    const { certificates, trusts, authority: signer, problems } = await site.gather(server, client);
    expect([...problems, signer, site.asked]).toEqual([undefined, 0]);
    expect(certificates).toEqual(given.certificates);
    expect(trusts).toEqual({ 'service-client': [theirs.certificatePem] });
  });

  it('puts nothing in the place of what does not fit, and says why', async () => {
    const site = new Site();
    site.supplied.set('service-server', { certificate: own.certificatePem });
    site.supplied.set('service-ca', { trust: theirs.certificatePem });
    const { certificates, trusts, problems } = await site.gather(server, client);
    expect([certificates, trusts]).toEqual([{}, {}]);
    expect(problems.get('service-server')).toContain('tls.key is missing');
    expect(problems.get('service-ca')).toContain('to sign with');
    expect(site.asked).toBe(0);
  });

  it('is not kept from anybody by what no certificate can name', async () => {
    const odd = ['db.1', 'a..b', '10.0.0.300', '[::1]'].map((address) =>
      listener({ certificateId: 'service-server' }, address),
    );
    const { certificates, problems } = await new Site('42').gather(...odd, server, client);
    expect([...problems]).toEqual([]);
    const { hosts } = describeCertificate(certificates['server.service-server']!.chain);
    expect(hosts).toEqual(expect.arrayContaining(['web', '::1', '192.0.2.7']));
    expect(hosts).not.toContain('db.1');
    expect(describeCertificate(certificates['client.service-client']!.chain).hosts).toEqual(['42.site']);
  });

  it('says what an authority cannot sign, and goes on with the rest', async () => {
    const site = new Site();
    site.supplied.set('service-ca', material(theirs));
    const partners = { ...client, id: 'd', tls: { serverName: 'db', trustId: 'partners' } } as Item;
    site.supplied.set('partners', { trust: own.certificatePem });
    site.now = new Date(start.getTime() + 3_651 * DAY);
    const { trusts, problems } = await site.gather(server, partners);
    expect(problems.get('service-ca')).toContain('chain.expired');
    expect([...problems.keys()]).toEqual(['service-ca']);
    expect(Object.keys(trusts)).toEqual(['partners']);
  });

  it('uses a certificate where it fits, whatever else it is named for', async () => {
    const site = new Site();
    const given = await new Site().gather(server);
    const { chain, key } = given.certificates['server.service-server']!;
    site.supplied.set('web', { certificate: chain, key: new Secret(key) });
    const items = [
      listener({ certificateId: 'web' }),
      connector({ serverName: 'db', trustId: 'service-client', certificateId: 'web' }),
    ];
    for (const both of [items, items.toReversed()]) {
      const { certificates, problems } = await site.gather(...both);
      expect(Object.keys(certificates)).toEqual(['server.web']);
      expect(problems.get('web')).toContain('may not be used as a client');
    }
    const wrong = await new Site().gather(listener({ certificateId: 'service-client' }));
    expect(Object.keys(wrong.certificates)).toEqual([]);
  });

  it('shows what it made with what stands between it and the root', async () => {
    const site = new Site();
    const keyPair = generateKeyPair();
    const above = selfSignRoot({ commonName: 'above', keyPair, serial: randomSerial(), now: start });
    const between = generateKeyPair();
    const { certificatePem: intermediate } = issueCertificate({
      ...{ profile: 'serviceCa', publicKey: between.publicKey, commonName: 'between', installation: 'x', now: start },
      ...{ issuer: { certificatePem: above.certificatePem, privateKey: keyPair.privateKey }, serial: randomSerial() },
    });
    const key = exportPrivateKey(between.privateKey);
    site.supplied.set('service-ca', { certificate: intermediate + above.certificatePem, key });
    const { certificates, trusts } = await site.gather(server, client);
    const [leaf, ...rest] = splitChain(certificates['server.service-server']!.chain);
    expect(verifyChain(leaf!, rest, [above.certificatePem], start, 'server').ok).toBe(true);
    expect(trusts['service-client']).toContain(above.certificatePem);
    site.supplied.set('service-ca', { certificate: intermediate, key });
    expect((await site.gather(server, client)).problems.get('service-ca')).toContain('nobody can trust CN=between');
  });

  it('is spoken at sites with the longest names too', async () => {
    const { problems, certificates } = await new Site('a'.repeat(63)).gather(server, client);
    expect([[...problems], Object.keys(certificates)]).toEqual([
      [],
      ['server.service-server', 'client.service-client'],
    ]);
  });

  it('waits for what is named and not there', async () => {
    const tls = { certificateId: 'web', clientTrustId: 'partners' };
    const { certificates, trusts, problems } = await new Site().gather(listener(tls));
    expect([certificates, trusts]).toEqual([{}, {}]);
    expect([...problems.keys()]).toEqual(['web', 'partners']);
  });
});
