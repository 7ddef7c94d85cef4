import { AuthorityEstablished } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';
import type { IssuedCertificate, IssuerCredential, KeyPair, ValidityWindow } from '@caravan/pki';
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
  readonly keyPair: KeyPair;
  readonly event: EventOf<typeof AuthorityEstablished>;
}

/** Makes the root's key and certificate. Its label says that nobody brought it. */
export function newRoot(name: RootName, ordinal: number, now: Date): NewAuthority {
  const keyPair = generateKeyPair();
  const certificate = selfSignRoot({ commonName: commonNameOf(name, ordinal), keyPair, serial: randomSerial(), now });
  return { keyPair, event: established(name, ordinal, { backboneId: null, networkId: null }, null, certificate) };
}

export interface Circumstances {
  /** Whose identities alone it may sign, where its profile limits them. */
  readonly installation: string;
  readonly crlBaseUrl: string | undefined;
  readonly place: NetworkPlace | undefined;
  readonly now: Date;
}

/** Makes an authority's key and has its parent sign it. Throws PkiError `certificate.outside-window` and others. */
export function newAuthority(
  name: IssuedAuthorityName,
  ordinal: number,
  parent: Authority,
  { installation, crlBaseUrl, place, now }: Circumstances,
): NewAuthority {
  const keyPair = generateKeyPair();
  const certificate = issueCertificate({
    profile: PROFILE_OF[name.kind],
    issuer: parent.credential,
    publicKey: keyPair.publicKey,
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
  return { keyPair, event: established(name, ordinal, owner, parent.data.authorityId, certificate) };
}

const windowOf = ({ notBefore, notAfter }: NetworkPlace): { window: ValidityWindow } => ({
  window: { notBefore, ...(notAfter && { notAfter }) },
});

const established = (
  name: AuthorityName,
  ordinal: number,
  owner: { backboneId: string | null; networkId: string | null },
  issuerId: string | null,
  certificate: IssuedCertificate,
): EventOf<typeof AuthorityEstablished> =>
  AuthorityEstablished({
    authorityId: authorityId(name, ordinal),
    kind: name.kind,
    ...owner,
    ordinal,
    issuerId,
    origin: issuerId === null ? 'generated' : 'issued',
    certificate: certificate.certificatePem,
    subject: certificate.subject,
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  });
