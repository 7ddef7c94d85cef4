import { describe, expect, it } from '@jest/globals';
import type { ConnectorTls, Item, ListenerTls } from '@caravan/data-plane';
import {
  describeCertificate,
  exportPrivateKey,
  generateKeyPair,
  randomSerial,
  Secret,
  selfSignRoot,
  verifyChain,
} from '@caravan/pki';
import { Gathering } from './gathering.js';
import type { Ground } from './gathering.js';
import type { Material } from './material.js';
import { needsOf } from './needs.js';

const DAY = 86_400_000;
const start = new Date('2026-06-01T12:00:00.000Z');
const authority = (commonName: string) => {
  const keyPair = generateKeyPair();
  const made = selfSignRoot({ commonName, keyPair, serial: randomSerial(), now: start, profile: 'serviceCa' });
  return { certificatePem: made.certificatePem, privateKey: keyPair.privateKey };
};
const [own, theirs] = [authority('own'), authority('theirs')];
const material = ({ certificatePem, privateKey }: typeof own): Material => ({
  certificate: certificatePem,
  key: exportPrivateKey(privateKey),
});

const at = { networkId: 'n', host: '192.0.2.7', port: 443 };
const listener = (tls: ListenerTls, address = 'web'): Item => ({ kind: 'listener', id: address, ...at, address, tls });
const connector = (tls: ConnectorTls): Item => ({ kind: 'connector', id: 'c', ...at, address: 'db', tls });
const server = listener({ certificateId: 'service-server' });
const client = connector({ serverName: 'db', trustId: 'service-client', certificateId: 'service-client' });

/** Gathers again and again at one site. */
class Site {
  readonly supplied = new Map<string, Material>();
  asked = 0;
  now = start;
  readonly #minted: Ground['minted'] = new Map();

  constructor(private readonly name = 'hq') {}

  gather(...items: Item[]) {
    const { supplied, now } = this;
    const site = { name: this.name, installation: 'test' };
    const mine = () => (this.asked++, Promise.resolve(own));
    return Gathering.of({ needs: needsOf(items), supplied, site, own: mine, minted: this.#minted, now });
  }
}

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
    const { hosts } = describeCertificate(certificates['service-server']!.chain);
    expect(hosts).toEqual(expect.arrayContaining(['web', '192.0.2.7', 'localhost', '127.0.0.1']));
    for (const [name, use] of [
      ['service-server', 'server'],
      ['service-client', 'client'],
    ] as const) {
      const found = verifyChain(certificates[name]!.chain, [], [own.certificatePem], start, use);
      expect(found.ok).toBe(true);
    }
    expect([signer, trusts['service-client']]).toEqual([own.certificatePem, [own.certificatePem]]);
  });

  it('makes nothing anew before it is old, or clients call it otherwise', async () => {
    const site = new Site();
    const chain = async (...items: Item[]) => (await site.gather(...items)).certificates['service-server']!.chain;
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
    expect(verifyChain(certificates['service-server']!.chain, [], [theirs.certificatePem], start).ok).toBe(true);
    expect(trusts['service-client']).toEqual([theirs.certificatePem]);
    expect(site.asked).toBe(0);
  });

  it('uses an authority for nothing where everything is supplied', async () => {
    const site = new Site();
    const given = await new Site().gather(server, client);
    const supply = (name: string) => ({
      certificate: given.certificates[name]!.chain,
      key: new Secret(given.certificates[name]!.key),
    });
    site.supplied.set('service-server', supply('service-server'));
    site.supplied.set('service-client', { ...supply('service-client'), trust: theirs.certificatePem });
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
    const { hosts } = describeCertificate(certificates['service-server']!.chain);
    expect(hosts).toEqual(expect.arrayContaining(['web', '::1', '192.0.2.7']));
    expect(hosts).not.toContain('db.1');
    expect(describeCertificate(certificates['service-client']!.chain).hosts).toEqual(['42.site']);
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

  it('waits for what is named and not there', async () => {
    const tls = { certificateId: 'web', clientTrustId: 'partners' };
    const { certificates, trusts, problems } = await new Site().gather(listener(tls));
    expect([certificates, trusts]).toEqual([{}, {}]);
    expect([...problems.keys()]).toEqual(['web', 'partners']);
  });
});
