import type { ConnectorTls, Item, ListenerTls } from '@caravan/data-plane';
import { exportPrivateKey, generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import { Gathering } from './gathering.js';
import type { Ground } from './gathering.js';
import type { Material } from './material.js';
import { needsOf } from './needs.js';

export const DAY = 86_400_000;
export const start = new Date('2026-06-01T12:00:00.000Z');
type Made = ReturnType<typeof authority>;
export const authority = (commonName: string) => {
  const keyPair = generateKeyPair();
  const made = selfSignRoot({ commonName, keyPair, serial: randomSerial(), now: start, profile: 'serviceCa' });
  return { certificatePem: made.certificatePem, privateKey: keyPair.privateKey };
};
export const [own, theirs, other] = ['own', 'theirs', 'other'].map(authority) as [Made, Made, Made];
export const material = ({ certificatePem, privateKey }: Made): Material => ({
  certificate: certificatePem,
  key: exportPrivateKey(privateKey),
});

export const at = { networkId: 'n', host: '192.0.2.7', port: 443 };
export const listener = (tls: ListenerTls, address = 'web'): Item => ({
  kind: 'listener',
  id: address,
  ...at,
  address,
  tls,
});
export const connector = (tls: ConnectorTls): Item => ({ kind: 'connector', id: 'c', ...at, address: 'db', tls });
export const server = listener({ certificateId: 'service-server' });
export const client = connector({ serverName: 'db', trustId: 'service-client', certificateId: 'service-client' });

/** Gathers again and again at one site. */
export class Site {
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
