import 'reflect-metadata'; // what @peculiar/x509 expects to be there
import { webcrypto } from 'node:crypto';
import type { IssuerCredential } from '@caravan/pki';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The same work by `@peculiar/x509`: proof of the request, then a certificate with the same extensions. */
export async function peculiarSigner({
  certificatePem,
  privateKey,
}: IssuerCredential): Promise<(csr: string) => Promise<string>> {
  x509.cryptoProvider.set(webcrypto as never);
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
  const issuer = new x509.X509Certificate(certificatePem);
  const authorityKeyId = await x509.AuthorityKeyIdentifierExtension.create(issuer);
  return async (pem) => {
    const csr = new x509.Pkcs10CertificateRequest(pem);
    if (!(await csr.verify())) throw new Error('the request is not signed by its key');
    const now = Date.now();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex'),
      subject: 'CN=member m',
      issuer: issuer.subject,
      notBefore: new Date(now),
      notAfter: new Date(now + 90 * 86_400_000),
      signingAlgorithm: ALGORITHM,
      publicKey: csr.publicKey,
      signingKey: signingKey as never,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: 'spiffe://bench/network/n/member/m' }]),
        await x509.SubjectKeyIdentifierExtension.create(csr.publicKey),
        authorityKeyId,
      ],
    });
    return certificate.toString('pem') + certificatePem;
  };
}
