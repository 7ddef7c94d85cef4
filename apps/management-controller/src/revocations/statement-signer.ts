import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Rejection } from '@caravan/event-store';
import { splitChain } from '@caravan/pki';
import { CompactSign } from 'jose';

export interface SigningFiles {
  /** PEM, leaf first, and what signed it. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/** RFC 7518, 3.1: what fits a key of one of the profiles. */
const algorithmOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string =>
  asymmetricKeyType === 'rsa' ? 'PS256' : asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';

/**
 * Signs what this service states, as the one that its certificate says it is: the same by which NATS knows it, as it is in its files now.
 */
export class StatementSigner {
  constructor(private readonly files: SigningFiles) {}

  /** JWS in compact form (RFC 7515). @throws Rejection `service.unavailable` where there is nothing to sign with */
  async sign(type: string, statement: unknown): Promise<string> {
    const { certificates, key } = await this.#credential();
    const x5c = certificates.map(({ raw }) => raw.toString('base64'));
    return new CompactSign(Buffer.from(JSON.stringify(statement)))
      .setProtectedHeader({ alg: algorithmOf(key), typ: type, x5c })
      .sign(key);
  }

  async #credential(): Promise<{ certificates: X509Certificate[]; key: KeyObject }> {
    const { certFile, keyFile } = this.files;
    if (certFile === undefined || keyFile === undefined) {
      throw unsignable('NATS_CERT_FILE and NATS_KEY_FILE do not say by what this service is known');
    }
    const [pem, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const certificates = splitChain(pem).map((each) => new X509Certificate(each));
    const privateKey = createPrivateKey(key);
    // Somebody is replacing them.
    if (!certificates[0]?.checkPrivateKey(privateKey))
      throw unsignable(`the key in ${keyFile} is of another certificate`);
    return { certificates, key: privateKey };
  }
}

const unsignable = (why: string): Rejection =>
  new Rejection('service.unavailable', { detail: `Nothing can be signed: ${why}.` });
