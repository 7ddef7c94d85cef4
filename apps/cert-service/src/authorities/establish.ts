import { AuthorityEstablished } from '@caravan/events';
import type { AuthorityRequested, EventOf } from '@caravan/events';
import { describeCertificate, generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';
import type { IssuedCertificate, IssuerCredential, KeyKind, SignedElsewhere, ValidityWindow } from '@caravan/pki';
import type { KeyObject } from 'node:crypto';
import { crlUrlsOf } from '../revocation/crl-urls.js';
import { authorityId, commonNameOf, PROFILE_OF } from './authority.js';
import type { AuthorityName, IssuedAuthorityName, NetworkPlace, RootName } from './authority.js';

/** An authority, with what those below it need. */
export interface Authority {
  readonly data: EventOf<typeof AuthorityEstablished>['data'];
  /** Undefined for a root whose key is elsewhere. */
  readonly credential: IssuerCredential | undefined;
  /** From itself up to, and without, the root. */
  readonly chain: readonly string[];
}

export interface NewAuthority {
  readonly privateKey: KeyObject | undefined;
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
    event: established(
      { name, ordinal, ...NOBODYS, issuerId: null, origin: 'generated', intermediates: [] },
      certificate,
    ),
  };
}

/** A root that was made elsewhere. `privateKey`: undefined when it stays there. */
export interface BroughtRoot {
  readonly certificatePem: string;
  readonly privateKey: KeyObject | undefined;
}

/** A root that was found fit to be one. */
export function broughtRoot(
  name: RootName,
  ordinal: number,
  { certificatePem, privateKey }: BroughtRoot,
): NewAuthority {
  const certificate = { certificatePem, ...describeCertificate(certificatePem) };
  const origin = privateKey ? 'imported' : 'external';
  return {
    privateKey,
    event: established({ name, ordinal, ...NOBODYS, issuerId: null, origin, intermediates: [] }, certificate),
  };
}

export interface SignedRequest {
  readonly request: EventOf<typeof AuthorityRequested>['data'];
  readonly signed: SignedElsewhere;
  readonly rootId: string;
  readonly privateKey: KeyObject;
}

/** An authority whose certificate was signed elsewhere, and found fit for its place. */
export function signedElsewhere({ request, signed, rootId, privateKey }: SignedRequest): NewAuthority {
  const { authorityId: id, kind, backboneId, networkId, ordinal, issuer } = request;
  const { certificatePem, intermediates } = signed;
  const { subject, serial, fingerprint, notBefore, notAfter } = describeCertificate(certificatePem);
  const event = AuthorityEstablished({
    ...{ authorityId: id, kind, backboneId, networkId, ordinal, issuerId: rootId, origin: issuer },
    ...{
      certificate: certificatePem,
      intermediates: [...intermediates],
      subject,
      serial,
      fingerprint,
      notBefore,
      notAfter,
    },
  });
  return { privateKey, event };
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
    issuer: signingAs(parent),
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
  const made = { issuerId: parent.data.authorityId, origin: 'issued', intermediates: [] } as const;
  return { privateKey, event: established({ name, ordinal, ...owner, ...made }, certificate) };
}

/** @throws Error of a root whose key is elsewhere: nobody asks it to sign, but by an error of ours */
export function signingAs({ data, credential }: Authority): IssuerCredential {
  if (!credential) throw new Error(`the key of ${data.subject} is not here`);
  return credential;
}

const windowOf = ({ notBefore, notAfter }: NetworkPlace): { window: ValidityWindow } => ({
  window: { notBefore, ...(notAfter && { notAfter }) },
});

interface Made {
  readonly name: AuthorityName;
  readonly ordinal: number;
  readonly backboneId: string | null;
  readonly networkId: string | null;
  readonly issuerId: string | null;
  readonly origin: EventOf<typeof AuthorityEstablished>['data']['origin'];
  readonly intermediates: readonly string[];
}

const established = (
  { name, ordinal, intermediates, ...made }: Made,
  certificate: Pick<
    IssuedCertificate,
    'certificatePem' | 'subject' | 'serial' | 'fingerprint' | 'notBefore' | 'notAfter'
  >,
): EventOf<typeof AuthorityEstablished> =>
  AuthorityEstablished({
    authorityId: authorityId(name, ordinal),
    kind: name.kind,
    ordinal,
    ...made,
    certificate: certificate.certificatePem,
    intermediates: [...intermediates],
    subject: certificate.subject,
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  });
