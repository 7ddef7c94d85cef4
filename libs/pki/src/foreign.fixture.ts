import type { Der } from './der.js';
import { decode, encode, integer, sequence, set, oid, octets, booleanTrue, tagged, time, utf8 } from './der.js';
import { OID } from './oids.js';
import { encodePem } from './pem.js';
import { exportSpki } from './keys.js';
import type { KeyPair } from './randomness.js';
import { generateKeyPair } from './randomness.js';
import { algorithmOf, signed } from './signature.js';
import { DAY, NOW } from './tree.fixture.js';

interface Foreign {
  readonly extensions?: readonly Der[];
  readonly subject?: string;
  readonly keyPair?: KeyPair;
  readonly issuer?: { readonly name: string; readonly keyPair: KeyPair };
}

/** A certificate that this library would not issue: any names, any extensions, none of the checks. */
export function foreignCertificate({
  extensions = [],
  subject = 'foreign',
  keyPair = generateKeyPair(),
  issuer,
}: Foreign): string {
  const signer = issuer?.keyPair ?? keyPair;
  const version3 = extensions.length > 0;
  const toBeSigned = sequence(
    ...(version3 ? [tagged(0, integer(Buffer.of(2)))] : []),
    integer(Buffer.of(1)),
    algorithmOf(signer.privateKey),
    nameOf(issuer?.name ?? subject),
    sequence(time(new Date(NOW.getTime() - DAY)), time(new Date(NOW.getTime() + DAY))),
    nameOf(subject),
    decode(exportSpki(keyPair.publicKey)),
    ...(version3 ? [tagged(3, sequence(...extensions))] : []),
  );
  return encodePem('CERTIFICATE', encode(signed(toBeSigned, signer.privateKey)));
}

export const foreignExtension = (id: string, value: Der, critical = false): Der =>
  sequence(oid(id), ...(critical ? [booleanTrue()] : []), octets(encode(value)));

const nameOf = (commonName: string): Der => sequence(set(sequence(oid(OID.commonName), utf8(commonName))));
