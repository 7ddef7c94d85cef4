import {
  backboneSiteStream,
  CertificateIssued,
  InvitationIssued,
  memberStream,
  RotationAdvanced,
  RotationBegun,
} from '@caravan/events';
import type { Event } from '@caravan/events';
import {
  createCsr,
  describeCertificate,
  generateKeyPair,
  issueCertificate,
  proveFormerKey,
  randomSerial,
  selfSignRoot,
} from '@caravan/pki';
import { commandMetadata } from '@caravan/testing/specification';
import { backboneId, site } from '../backbones/backbone.fixture.js';
import { CertificateAges } from '../certificates/certificate-ages.js';
import { LockedOut } from '../certificates/locked-out.js';
import type { ReadModels } from '../read-models/read-models.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import { established } from '../certificates/certificate.fixture.js';
import { id } from '../example.fixture.js';
import { admission, admitted, memberId, networkId } from '../members/member.fixture.js';
import { terms } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { JoinReplies } from './join-replies.js';
import { Recoveries } from './recoveries.js';
import { ground } from './site-endpoint.fixture.js';

export const DAY = 86_400_000;
export const issuedAt = new Date('2026-01-01T00:00:00.000Z');
export const invitationId = id('store');
const rootKeys = generateKeyPair();
const { certificatePem: rootPem } = selfSignRoot({
  ...{ commonName: 'root', keyPair: rootKeys, serial: randomSerial(), now: issuedAt },
});

/** What the member was known by: ten days of it. The authority's kind does not matter here, that it is on record does. */
export const keys = generateKeyPair();
export const certify = (publicKey = keys.publicKey): string =>
  issueCertificate({
    ...{ profile: 'service', issuer: { certificatePem: rootPem, privateKey: rootKeys.privateKey }, publicKey },
    ...{ commonName: 'store-1', installation: 'acme', serial: randomSerial(), now: issuedAt, lifetimeMs: 10 * DAY },
    identity: 'spiffe://acme/service/store-1',
  }).certificatePem;
export const pem = certify();
export const record = (
  certificate: string,
  ordinal = 1,
  name = `certificate ${ordinal}`,
): ReturnType<typeof CertificateIssued> => {
  const { subject, serial, fingerprint, publicKeyFingerprint, notBefore, notAfter } = describeCertificate(certificate);
  return CertificateIssued({
    ...{ certificateId: id(name), holder: { kind: 'member', memberId, networkId }, identity: null, hosts: [], ordinal },
    ...{ issuerId: id('member authority'), serial, subject, fingerprint, publicKeyFingerprint, notBefore, notAfter },
    ...{ certificate, chain: [] },
  });
};
export const authority = (): Event => {
  const event = established('member', { networkId });
  return { ...event, data: { ...event.data, notAfter: new Date(issuedAt.getTime() + 1_000 * DAY).toISOString() } };
};
export const invited = InvitationIssued({ ...terms('store'), invitationId });
export const csr = createCsr({ subject: { commonName: 'site' }, keyPair: generateKeyPair() });
export const proof = proveFormerKey(csr, keys.privateKey);

export interface Circumstances {
  readonly events?: readonly Event[];
  /** Days after it was issued; it lasts ten. */
  readonly day?: number;
  readonly recovery?: { readonly certificate: string; readonly proof: string };
  readonly asks?: string;
  /** What happened behind all of that. */
  readonly since?: readonly Event[];
}

/** A rotation of the installation, which concerns everybody, has come to this phase. */
export function rotatedOn(phase: 'listeners' | 'diallers' | 'retire'): Event[] {
  const of = { ownerId: id('installation'), rotationId: id('r'), owner: { kind: 'installation' }, ordinal: 2 } as const;
  const begun = RotationBegun({ ...of, cause: 'requested', patienceSeconds: 0 });
  return [begun, RotationAdvanced({ ...of, phase, confirmed: 1, without: 1, withoutSites: [] })];
}

/** What is said of the age of certificates. */
function ages(readModels: ReadModels, since: readonly Event[]): [CertificateAges, LockedOut] {
  const directory = new Directory();
  for (const event of since) directory.apply({ ...event, position: 1_000, at: '' });
  return [
    new CertificateAges(readModels),
    new LockedOut(readModels, directory, new CurrentDirectory(directory, { catchUp: async () => true })),
  ];
}

/** What the members' door answers, where recovery is possible for thirty days. */
export async function asked({
  events = [authority(), invited, admitted, record(pem)],
  day = 12,
  recovery,
  asks = csr,
  since = [],
}: Circumstances = {}) {
  const now = new Date(issuedAt.getTime() + day * DAY);
  const { store, deciders, issuing, desiredState } = ground();
  await deciders.member({ type: 'AdmitMember', memberId, admission, metadata: commandMetadata() });
  const readModels = readModelsOf(...events);
  const clock = { now: () => now };
  const replies = new JoinReplies(issuing, desiredState, clock);
  const recoveries = new Recoveries(deciders, readModels, ...ages(readModels, since), replies, clock, 30 * DAY);
  const ask = () =>
    recoveries.of(invitationId, { capability: 6, csr: asks, recovery: recovery ?? { certificate: pem, proof } }).then(
      ({ status }) => status as string,
      ({ code }: { code: string }) => code,
    );
  const wanted = async () => (await store.read(memberStream(memberId))).events.slice(1);
  const afterClaim = () =>
    recoveries.afterClaim(invitationId, id('certificate 1'), { capability: 6, csr: asks }).then(
      (reply) => reply?.status,
      ({ code }: { code: string }) => code,
    );
  return { answer: await ask(), again: ask, wanted, afterClaim };
}

/** And a backbone site's door. `holder`: whose certificate it comes with. */
export async function askedBySite({ day = 12, holder = 'north', removed = false } = {}) {
  const now = new Date(issuedAt.getTime() + day * DAY);
  const { store, deciders, issuing, desiredState } = ground();
  const { data } = record(pem);
  const of = { kind: 'backbone-site', siteId: id(holder), backboneId } as const;
  const sites = removed ? [] : [site('north')];
  const readModels = readModelsOf(authority(), ...sites, CertificateIssued({ ...data, holder: of }));
  const clock = { now: () => now };
  const replies = new JoinReplies(issuing, desiredState, clock);
  const recoveries = new Recoveries(deciders, readModels, ...ages(readModels, []), replies, clock, 30 * DAY);
  const answer = await recoveries
    .ofBackboneSite(id('north'), { capability: 8, csr, recovery: { certificate: pem, proof } })
    .then(
      ({ status }) => status as string,
      ({ code }: { code: string }) => code,
    );
  return { answer, wanted: (await store.read(backboneSiteStream(id('north')))).events };
}
