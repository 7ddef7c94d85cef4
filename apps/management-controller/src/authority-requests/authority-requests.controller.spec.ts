import { describe, expect, it } from 'vitest';
import type { AuthorityRequest } from '@caravan/api';
import { authorityCertificateStream, AuthorityEstablished, AuthorityRequested } from '@caravan/events';
import type { Event } from '@caravan/events';
import {
  createCsr,
  describeCertificate,
  generateKeyPair,
  issueCertificate,
  randomSerial,
  readCsr,
  selfSignRoot,
} from '@caravan/pki';
import type { KeyPair } from '@caravan/pki';
import { commandMetadata } from '@caravan/testing/specification';
import { established } from '../certificates/certificate.fixture.js';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { call } from '../model/picking.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { InMemoryEventStore } from '@caravan/event-store';
import { AuthorityRequestsController } from './authority-requests.controller.js';

const DAY = 86_400_000;
const now = new Date('2026-06-01T12:00:00.000Z');
const installation = 'acme';
const backboneId = id('demo');
const authorityId = id('backbone authority');
const rootId = id('root');

const rootKeys = generateKeyPair();
const rootPem = selfSignRoot({
  commonName: 'Acme root',
  keyPair: rootKeys,
  serial: randomSerial(),
  now,
}).certificatePem;
const root = { certificatePem: rootPem, privateKey: rootKeys.privateKey };
const keys = generateKeyPair();
const csr = createCsr({
  subject: { commonName: 'Caravan backbone' },
  keyPair: keys,
  authority: { profile: 'backboneCa', installation: 'acme' },
});

const rootEstablished = (): Event => {
  const { data } = established('root', {});
  return AuthorityEstablished({ ...data, authorityId: rootId, origin: 'external', certificate: rootPem });
};
const asked = (changes: Partial<ReturnType<typeof AuthorityRequested>['data']> = {}): Event =>
  AuthorityRequested({
    ...{ authorityId, kind: 'backbone', backboneId, networkId: null, ordinal: 1, rootId, issuer: 'offline', csr },
    ...{ subject: 'CN=Caravan backbone', publicKeyFingerprint: readCsr(csr).publicKeyFingerprint },
    ...{ pathLength: 2, until: null },
    ...changes,
  });
const signedFor = (of: KeyPair = keys, lifetimeMs = 100 * DAY) =>
  issueCertificate({
    ...{ profile: 'backboneCa', issuer: root, publicKey: of.publicKey, commonName: 'Caravan backbone' },
    ...{ installation, serial: randomSerial(), now, lifetimeMs },
  }).certificatePem;

/** The API after these events. */
function over(...events: Event[]) {
  const store = new InMemoryEventStore();
  const clock = { now: () => now };
  const controller = new AuthorityRequestsController(new Deciders(store), readModelsOf(...events), installation, clock);
  const to = (of: object) => ({ ...call<object>({ metadata: commandMetadata({ now }) }), ...of }) as never;
  return {
    bring: (certificates: string) =>
      controller.bring(to({ params: { requestId: authorityId }, body: { certificates } })),
    refusal: (certificates: string) =>
      controller.bring(to({ params: { requestId: authorityId }, body: { certificates } })).then(
        () => ({ code: 'none', details: { detail: '' } }),
        (error: { code: string; details: { detail?: string } }) => error,
      ),
    get: (): Promise<AuthorityRequest> => controller.get(to({ params: { requestId: authorityId } })),
    list: (query: object) => controller.list(to({ query })),
    brought: async () =>
      (await store.read(authorityCertificateStream(authorityId))).events.map(
        ({ data }) => data as { certificate: string },
      ),
  };
}

describe('a certificate that is brought', () => {
  it('is recorded once it fits its request, as often as it is brought', async () => {
    const { bring, brought } = over(rootEstablished(), asked());
    const pem = signedFor();
    await bring(rootPem + pem);
    await bring(pem);
    expect(await brought()).toMatchObject([{ certificate: pem, fingerprint: describeCertificate(pem).fingerprint }]);
    const another = signedFor();
    await bring(another);
    expect((await brought()).map(({ certificate }) => certificate)).toEqual([pem, another]);
  });

  it.each<[string, () => string, string, RegExp]>([
    [
      'it is for another key',
      () => signedFor(generateKeyPair()),
      'authority-certificate.unfit',
      /for the key of the request/,
    ],
    ['it is damaged', () => signedFor().replace(/M/g, 'N'), 'authority-certificate.malformed', /read|damaged/],
    ['it is a request', () => csr, 'authority-certificate.malformed', /./],
  ])('is judged: %s', async (_, pem, code, says) => {
    const refusal = await over(rootEstablished(), asked()).refusal(pem());
    expect(refusal.code).toBe(code);
    expect(refusal.details.detail ?? '').toMatch(says);
  });

  it('may not outlast its network', async () => {
    const until = new Date(now.getTime() + 10 * DAY).toISOString();
    const { refusal } = over(rootEstablished(), asked({ until }));
    const { code, details } = await refusal(signedFor());
    expect([code, details.detail]).toEqual([
      'authority-certificate.unfit',
      expect.stringContaining('after its network'),
    ]);
  });

  it('is refused where nobody asked, where somebody else signs, and where it is there already', async () => {
    const pem = signedFor();
    expect((await over(rootEstablished()).refusal(pem)).code).toBe('authority-request.unknown');
    const signedByMachine = over(rootEstablished(), asked({ issuer: 'cert-manager' }));
    expect((await signedByMachine.refusal(pem)).code).toBe('authority-request.not-offline');
    const { data } = established('backbone', { backboneId });
    const done = over(rootEstablished(), asked(), AuthorityEstablished({ ...data, authorityId }));
    expect((await done.refusal(pem)).code).toBe('authority-request.established');
  });
});

describe('the request of an authority', () => {
  it('says when what it replaces ends', async () => {
    const { data } = established('backbone', { backboneId });
    const first = AuthorityEstablished({ ...data, ordinal: 1 });
    expect(await over(rootEstablished(), asked()).get()).toMatchObject({ status: 'asked', neededBy: null, csr });
    const next = over(rootEstablished(), first, asked({ ordinal: 2 }));
    expect(await next.get()).toMatchObject({ neededBy: data.notAfter });
  });

  it('is found by its status', async () => {
    const { list } = over(rootEstablished(), asked());
    expect((await list({ status: 'asked' })).items).toHaveLength(1);
    expect((await list({ status: 'established' })).items).toEqual([]);
  });
});
