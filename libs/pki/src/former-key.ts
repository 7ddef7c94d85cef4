import type { KeyObject } from 'node:crypto';
import { sign, verify } from 'node:crypto';

/** So that a signature made here says nothing anywhere else. */
const CONTEXT = 'caravan: what asks for this certificate had the key of that one\n';

const said = (csr: string): Buffer => Buffer.from(CONTEXT + csr);

/** Proof, in base64, that whoever made a request holds another key too: the one that it was known by before. */
export const proveFormerKey = (csr: string, former: KeyObject): string =>
  sign('sha256', said(csr), former).toString('base64');

/** False as well for what is no signature. */
export function isProvenByFormerKey(csr: string, proof: string, former: KeyObject): boolean {
  try {
    return verify('sha256', said(csr), former, Buffer.from(proof, 'base64'));
  } catch {
    return false;
  }
}
