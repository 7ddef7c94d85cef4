import {
  describeCertificate,
  exportPrivateKey,
  generateKeyPair,
  importPrivateKey,
  randomSerial,
  selfSignRoot,
} from '@caravan/pki';
import type { IssuerCredential } from '@caravan/pki';
import { z } from 'zod';
import type { SealedFiles } from '../site-directory/index.js';
import { MOST_OF_A_NAME } from './minting.js';

const NAME = 'service-ca';
const textSchema = z.object({ certificate: z.string(), key: z.string() });
/** What is signed must be of use for a while: an authority that ends sooner is followed by another one. */
const LEFT_MS = 180 * 24 * 60 * 60 * 1000;

/** The authority that a site makes for its applications alone, when it needs one for the first time. Its key never leaves the site. */
export class ServiceAuthority {
  #known: IssuerCredential | undefined;

  constructor(private readonly files: SealedFiles) {}

  async issuer(siteName: string, now: Date): Promise<IssuerCredential> {
    this.#known ??= await this.#read();
    if (
      !this.#known ||
      Date.parse(describeCertificate(this.#known.certificatePem).notAfter) - now.getTime() < LEFT_MS
    ) {
      this.#known = await this.#make(siteName, now);
    }
    return this.#known;
  }

  async #read(): Promise<IssuerCredential | undefined> {
    const text = await this.files.read(NAME);
    if (text === undefined) return undefined;
    const { certificate, key } = textSchema.parse(JSON.parse(text));
    return { certificatePem: certificate, privateKey: importPrivateKey(key) };
  }

  async #make(siteName: string, now: Date): Promise<IssuerCredential> {
    const keyPair = generateKeyPair();
    const commonName = `Services of site ${siteName}`.slice(0, MOST_OF_A_NAME);
    const made = selfSignRoot({ commonName, keyPair, serial: randomSerial(), now, profile: 'serviceCa' });
    const { certificatePem: certificate } = made;
    await this.files.write(NAME, JSON.stringify({ certificate, key: exportPrivateKey(keyPair.privateKey).reveal() }));
    return { certificatePem: certificate, privateKey: keyPair.privateKey };
  }
}
