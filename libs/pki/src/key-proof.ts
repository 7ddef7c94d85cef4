import type { KeyObject } from 'node:crypto';
import { sign, verify } from 'node:crypto';

/** So that a signature made here says nothing anywhere else. */
const FORMER = 'caravan: what asks for this certificate had the key of that one\n';
const LINK = 'caravan: this site shows this certificate when it links\n';

/** Proof, in base64, that whoever made a request holds another key too: the one that it was known by before. */
export const proveFormerKey = (csr: string, former: KeyObject): string => prove(FORMER + csr, former);

/** False as well for what is no signature. */
export const isProvenByFormerKey = (csr: string, proof: string, former: KeyObject): boolean =>
  isProven(FORMER + csr, proof, former);

/** A site, and a certificate of somebody else's that it is to be known by, PEM. */
export interface LinkCertificate {
  readonly siteId: string;
  readonly certificate: string;
}

/** Proof, in base64, that a site holds the key of a certificate: anybody can have seen that. */
export const proveLinkKey = (of: LinkCertificate, key: KeyObject): string => prove(LINK + wordsOf(of), key);

/** False as well for what is no signature. */
export const isProvenByLinkKey = (of: LinkCertificate, proof: string, key: KeyObject): boolean =>
  isProven(LINK + wordsOf(of), proof, key);

const wordsOf = ({ siteId, certificate }: LinkCertificate): string => `${siteId}\n${certificate}`;

const prove = (said: string, key: KeyObject): string => sign(digestOf(key), Buffer.from(said), key).toString('base64');

function isProven(said: string, proof: string, key: KeyObject): boolean {
  try {
    return verify(digestOf(key), Buffer.from(said), key, Buffer.from(proof, 'base64'));
  } catch {
    return false;
  }
}

/** Edwards curves digest by themselves (RFC 8032). */
const digestOf = ({ asymmetricKeyType }: KeyObject): 'sha256' | null =>
  asymmetricKeyType?.startsWith('ed') ? null : 'sha256';
