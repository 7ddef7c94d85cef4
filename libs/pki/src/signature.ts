import type { KeyObject } from 'node:crypto';
import { sign, verify } from 'node:crypto';
import type { Der } from './der.js';
import { bits, encode, nullValue, oid, sequence } from './der.js';
import { OID } from './oids.js';

interface SignatureAlgorithm {
  readonly keyType: 'ec' | 'rsa';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly identifier: Der;
}

// RFC 5758, 3.2: ECDSA identifiers omit the parameters. RFC 4055, 5: RSA identifiers carry NULL.
const ecdsa = (hash: SignatureAlgorithm['hash'], id: string): SignatureAlgorithm => ({
  keyType: 'ec',
  hash,
  identifier: sequence(oid(id)),
});
const rsa = (hash: SignatureAlgorithm['hash'], id: string): SignatureAlgorithm => ({
  keyType: 'rsa',
  hash,
  identifier: sequence(oid(id), nullValue()),
});

const ECDSA_SHA256 = ecdsa('sha256', OID.ecdsaWithSha256);
const ECDSA_SHA384 = ecdsa('sha384', OID.ecdsaWithSha384);
const RSA_SHA256 = rsa('sha256', OID.sha256WithRsa);

/** What is accepted from others. SHA-1 and RSA-PSS are not in the table. */
const ACCEPTED = [
  ECDSA_SHA256,
  ECDSA_SHA384,
  ecdsa('sha512', OID.ecdsaWithSha512),
  RSA_SHA256,
  rsa('sha384', OID.sha384WithRsa),
  rsa('sha512', OID.sha512WithRsa),
];

/** The AlgorithmIdentifier that `key` signs with: a hash as strong as its curve. */
export const algorithmOf = (key: KeyObject): Der => signingAlgorithm(key).identifier;

/** SEQUENCE { toBeSigned, algorithm, signature }: the outer shape of certificates and of certificate requests. */
export function signed(toBeSigned: Der, privateKey: KeyObject): Der {
  const { hash, identifier } = signingAlgorithm(privateKey);
  return sequence(toBeSigned, identifier, bits(sign(hash, encode(toBeSigned), privateKey)));
}

/** Whether it is an algorithm of the table, for whatever key. */
export const isAcceptedAlgorithm = (identifier: Der): boolean => {
  const bytes = encode(identifier);
  return ACCEPTED.some((algorithm) => encode(algorithm.identifier).equals(bytes));
};

/** Whether `identifier` is an accepted algorithm for a key of this type. */
export function acceptedAlgorithm(identifier: Der, key: KeyObject): SignatureAlgorithm | undefined {
  const bytes = encode(identifier);
  return ACCEPTED.find(
    (algorithm) => algorithm.keyType === key.asymmetricKeyType && encode(algorithm.identifier).equals(bytes),
  );
}

/** False as well for an algorithm that is not accepted or does not belong to the key. */
export function isSignedBy(key: KeyObject, toBeSigned: Der, algorithm: Der, signature: Buffer): boolean {
  const accepted = acceptedAlgorithm(algorithm, key);
  return accepted !== undefined && verify(accepted.hash, encode(toBeSigned), key, signature);
}

function signingAlgorithm(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return RSA_SHA256;
  return key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? ECDSA_SHA384 : ECDSA_SHA256;
}
