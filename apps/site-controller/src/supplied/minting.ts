import {
  exportPrivateKey,
  generateKeyPair,
  importPrivateKey,
  issueCertificate,
  randomSerial,
  renewalTime,
} from '@caravan/pki';
import type { IssuerCredential, Secret } from '@caravan/pki';
import { isRoot } from './material.js';
import type { Fit } from './material.js';

/** Of a common name (RFC 5280, A.1). */
export const MOST_OF_A_NAME = 64;

/** Who signs what is missing, with what its certificates need to be shown with. */
export interface Signer extends IssuerCredential {
  readonly above: readonly string[];
}

export interface Minting {
  readonly profile: 'serviceServer' | 'serviceClient';
  readonly commonName: string;
  readonly hosts: readonly string[];
  readonly installation: string;
  readonly now: Date;
}

export interface Minted {
  readonly chain: readonly string[];
  readonly key: Secret<string>;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Somebody's authority, as it signs. */
export const signerOf = ({ chain, key }: NonNullable<Fit['certificate']>): Signer => ({
  certificatePem: chain[0]!,
  privateKey: importPrivateKey(key),
  above: chain.filter((pem) => !isRoot(pem)),
});

/** A certificate and its key, made here. @throws PkiError when the authority cannot sign it */
export function mint(issuer: Signer, { commonName, ...asked }: Minting): Minted {
  const { publicKey, privateKey } = generateKeyPair();
  const name = commonName.slice(0, MOST_OF_A_NAME);
  const order = { ...asked, issuer, publicKey, commonName: name, serial: randomSerial() };
  const { certificatePem, notBefore, notAfter } = issueCertificate(order);
  return { chain: [certificatePem, ...issuer.above], key: exportPrivateKey(privateKey), notBefore, notAfter };
}

/** Whether it need not be made anew, as for any certificate; nobody stands above it who would end before. */
export function isCurrent({ notBefore, notAfter }: Pick<Minted, 'notBefore' | 'notAfter'>, now: Date): boolean {
  const due = renewalTime({ notBefore, notAfter }, { notAfter: undefined }, '00000000');
  return due !== undefined && due > now;
}
