import { AuthorityEstablished } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { describeCertificate, generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';
import type { BroughtCredential, IssuedCertificate, IssuerCredential, KeyKind, ValidityWindow } from '@caravan/pki';
import type { KeyObject } from 'node:crypto';
import { crlUrlsOf } from '../revocation/crl-urls.js';
import { authorityId, commonNameOf, PROFILE_OF } from './authority.js';
import type { AuthorityName, IssuedAuthorityName, NetworkPlace, RootName } from './authority.js';

/** An authority that can sign, with what those below it need. */
export interface Authority {
  readonly data: EventOf<typeof AuthorityEstablished>['data'];
  readonly credential: IssuerCredential;
  /** From itself up to, and without, the root. */
  readonly chain: readonly string[];
}

export interface NewAuthority {
  readonly privateKey: KeyObject;
  readonly event: EventOf<typeof AuthorityEstablished>;
}

const NOBODYS = { backboneId: null, networkId: null } as const;

/** Makes the root's key and certificate. Its label says that nobody brought it. */
export function newRoot(name: RootName, ordinal: number, now: Date, keyKind?: KeyKind): NewAuthority {
  const { privateKey, publicKey } = generateKeyPair(keyKind);
  const commonName = commonNameOf(name, ordinal);
  const certificate = selfSignRoot({ commonName, keyPair: { privateKey, publicKey }, serial: randomSerial(), now });
  return {
    privateKey,
    event: established(name, ordinal, NOBODYS, { issuerId: null, origin: 'generated' }, certificate),
  };
}

/** A root that was made elsewhere, and found fit to be one. */
export function broughtRoot(name: RootName, ordinal: number, brought: BroughtCredential): NewAuthority {
  const { certificatePem, privateKey } = brought;
  const certificate = { certificatePem, ...describeCertificate(certificatePem) };
  return {
    privateKey,
    event: established(name, ordinal, NOBODYS, { issuerId: null, origin: 'imported' }, certificate),
  };
}

export interface Circumstances {
  /** Whose identities alone it may sign, where its profile limits them. */
  readonly installation: string;
  readonly crlBaseUrl: string | undefined;
  readonly keyKind: KeyKind | undefined;
  readonly place: NetworkPlace | undefined;
  readonly now: Date;
}

/** Makes an authority's key and has its parent sign it. Throws PkiError `certificate.outside-window` and others. */
export function newAuthority(
  name: IssuedAuthorityName,
  ordinal: number,
  parent: Authority,
  { installation, crlBaseUrl, keyKind, place, now }: Circumstances,
): NewAuthority {
  const { privateKey, publicKey } = generateKeyPair(keyKind);
  const certificate = issueCertificate({
    profile: PROFILE_OF[name.kind],
    issuer: parent.credential,
    publicKey,
    commonName: commonNameOf(name, ordinal),
    installation,
    serial: randomSerial(),
    now,
    ...crlUrlsOf(crlBaseUrl, parent.data.authorityId),
    ...(place && windowOf(place)),
  });
  const owner = {
    backboneId: 'backboneId' in name ? name.backboneId : parent.data.backboneId,
    networkId: 'networkId' in name ? name.networkId : null,
  };
  const made = { issuerId: parent.data.authorityId, origin: 'issued' } as const;
  return { privateKey, event: established(name, ordinal, owner, made, certificate) };
}

const windowOf = ({ notBefore, notAfter }: NetworkPlace): { window: ValidityWindow } => ({
  window: { notBefore, ...(notAfter && { notAfter }) },
});

const established = (
  name: AuthorityName,
  ordinal: number,
  owner: { backboneId: string | null; networkId: string | null },
  made: Pick<EventOf<typeof AuthorityEstablished>['data'], 'issuerId' | 'origin'>,
  certificate: Pick<
    IssuedCertificate,
    'certificatePem' | 'subject' | 'serial' | 'fingerprint' | 'notBefore' | 'notAfter'
  >,
): EventOf<typeof AuthorityEstablished> =>
  AuthorityEstablished({
    authorityId: authorityId(name, ordinal),
    kind: name.kind,
    ...owner,
    ordinal,
    ...made,
    certificate: certificate.certificatePem,
    subject: certificate.subject,
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  });
