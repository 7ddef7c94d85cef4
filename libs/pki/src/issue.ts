import type { CertificateFacts } from './certificate.js';
import { describeCertificate } from './certificate.js';
import type { Der } from './der.js';
import { decode, encode, integer, sequence, tagged, time } from './der.js';
import { subjectOf } from './distinguished-name.js';
import { issuedFacts } from './issued-facts.js';
import type { Issuer } from './issuer.js';
import { readIssuer, selfAsIssuer } from './issuer.js';
import { exportSpki } from './keys.js';
import type { Modifier } from './modifiers.js';
import { caModifiers, leafModifiers } from './modifiers.js';
import type { CertificateDetails, IssueRequest, Order, RootRequest } from './order.js';
import { encodePem } from './pem.js';
import type { CaProfile, LeafProfile } from './profiles.js';
import { PROFILES } from './profiles.js';
import { algorithmOf, signed } from './signature.js';
import type { Validator } from './validators.js';
import { caValidators, leafValidators } from './validators.js';
import type { Validity } from './validity.js';
import { validityWithin } from './validity.js';

export interface IssuedCertificate extends CertificateFacts {
  readonly certificatePem: string;
}

/**
 * Signs one certificate: validators, then modifiers, then the enforcer of validity, in the order of this file.
 *
 * A function of its input but for the signature, which ECDSA randomises: the same request has the same to-be-signed bytes.
 *
 * @throws PkiError `certificate.bad-*`, `certificate.outside-window`, `certificate.malformed` (the issuer's), `issuer.*`,
 * `key.unsupported`. All of them are final: the same request is refused again.
 */
export function issueCertificate(request: IssueRequest): IssuedCertificate {
  return fulfil(PROFILES[request.profile], request, readIssuer(request.issuer));
}

/** Makes a root: of an installation that brings none, or of a site for its applications. Throws as `issueCertificate` does. */
export function selfSignRoot({ keyPair, profile = 'root', ...rest }: RootRequest): IssuedCertificate {
  const details = { ...rest, publicKey: keyPair.publicKey };
  return fulfil(PROFILES[profile], details, selfAsIssuer(rest.commonName, keyPair));
}

function fulfil(profile: CaProfile | LeafProfile, details: CertificateDetails, issuer: Issuer): IssuedCertificate {
  const extensions =
    profile.kind === 'ca'
      ? prepare({ details, issuer, profile }, caValidators, caModifiers)
      : prepare({ details, issuer, profile }, leafValidators, leafModifiers);
  // Last, so that nothing after it can widen what it allowed.
  const windows = [issuer.validity, details.window ?? {}];
  const validity = validityWithin(windows, details.now, details.lifetimeMs ?? profile.lifetimeMs);
  const certificate = signed(toBeSigned(details, issuer, validity, extensions), issuer.privateKey);
  const der = encode(certificate);
  const certificatePem = encodePem('CERTIFICATE', der);
  const facts = issuedFacts(der, profile, details, issuer, validity) ?? describeCertificate(certificatePem);
  return { certificatePem, ...facts };
}

function prepare<Profile extends CaProfile | LeafProfile>(
  order: Order<Profile>,
  validators: readonly Validator<Profile>[],
  modifiers: readonly Modifier<Profile>[],
): Der[] {
  for (const validate of validators) validate(order);
  return modifiers.map((modify) => modify(order)).filter((extension) => extension !== undefined);
}

/** TBSCertificate, RFC 5280, 4.1. */
function toBeSigned(details: CertificateDetails, issuer: Issuer, validity: Validity, extensions: Der[]): Der {
  return sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(Buffer.from(details.serial, 'hex')),
    algorithmOf(issuer.privateKey),
    issuer.name,
    sequence(time(validity.notBefore), time(validity.notAfter)),
    subjectOf(details.commonName),
    decode(exportSpki(details.publicKey)),
    tagged(3, sequence(...extensions)),
  );
}
