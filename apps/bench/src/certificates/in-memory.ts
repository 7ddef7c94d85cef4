import { createCsr, generateKeyPair, issueCertificate, randomSerial, readCsr, selfSignRoot } from '@caravan/pki';
import type { IssuerCredential } from '@caravan/pki';

const INSTALLATION = 'bench';
const identity = 'spiffe://bench/network/n/member/m';

/** Who signs: an authority as cert-service has it open. */
export function newIssuer(now = new Date()): IssuerCredential {
  const keyPair = generateKeyPair();
  const { certificatePem } = selfSignRoot({ commonName: 'bench', keyPair, serial: randomSerial(), now });
  return { certificatePem, privateKey: keyPair.privateKey };
}

/** So many requests, of P-256 keys. */
export const newCsrs = (count: number): string[] =>
  Array.from({ length: count }, () => createCsr({ subject: { commonName: 'store' }, keyPair: generateKeyPair() }));

/** CSR in, chain out: the request's proof is verified, and a member's certificate signed. */
export const signed = (csr: string, issuer: IssuerCredential): string =>
  issueCertificate({
    ...{ profile: 'member', issuer, publicKey: readCsr(csr).publicKey, commonName: 'member m', identity },
    ...{ installation: INSTALLATION, serial: randomSerial(), now: new Date() },
  }).certificatePem + issuer.certificatePem;

/** How many of one second. */
export function rateOf(work: () => void, count: number): number {
  const start = performance.now();
  work();
  return count / ((performance.now() - start) / 1000);
}
