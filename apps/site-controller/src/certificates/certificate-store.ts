import { createCsr, exportPrivateKey, generateKeyPair } from '@caravan/pki';
import type { SealedFiles } from '../site-directory/index.js';
import { installed } from './certificate-record.js';
import type { CertificateRecord, HeldCertificate, KeyRequest } from './certificate-record.js';
import { certificateFromText, certificateToText } from './certificate-text.js';

const PREFIX = 'certificate-';

/**
 * Every key of a site, one sealed document for each certificate. What it says is on disk before it says it. The only class
 * that makes keys, and keys leave it for the relay and the control connection alone.
 */
export class CertificateStore {
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly files: SealedFiles,
    private readonly records: Map<string, CertificateRecord>,
  ) {}

  static async open(files: SealedFiles): Promise<CertificateStore> {
    const records = new Map<string, CertificateRecord>();
    for (const name of await files.names()) {
      if (!name.startsWith(PREFIX)) continue;
      const text = await files.read(name);
      if (text !== undefined) records.set(name.slice(PREFIX.length), certificateFromText(text));
    }
    return new CertificateStore(files, records);
  }

  get(id: string): CertificateRecord | undefined {
    return this.records.get(id);
  }

  all(): CertificateRecord[] {
    return [...this.records.values()];
  }

  held(): ReadonlyMap<string, HeldCertificate> {
    return new Map(this.all().flatMap(({ id, held }) => (held ? [[id, held] as const] : [])));
  }

  /** Called after each change of what is held; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The request for this ordinal: the one that was made before, or a new key. */
  async request(id: string, ordinal: number): Promise<KeyRequest> {
    const before = this.records.get(id) ?? { id };
    if (before.requested?.ordinal === ordinal) return before.requested;
    const keyPair = generateKeyPair();
    // The name is for people who read requests; no certificate takes it over.
    const csr = createCsr({ subject: { commonName: `caravan site key ${ordinal}` }, keyPair });
    const requested = { ordinal, key: exportPrivateKey(keyPair.privateKey), csr };
    await this.save({ ...before, requested });
    return requested;
  }

  /** Takes the answer to a request. Throws as `installed` does; then the request stands. */
  async install(id: string, ordinal: number, chain: readonly string[], now: Date): Promise<void> {
    await this.save(installed(this.records.get(id) ?? { id }, ordinal, chain, now));
    this.changed();
  }

  /** Takes a certificate that came with its key. */
  async put(id: string, held: HeldCertificate): Promise<void> {
    await this.save({ ...this.records.get(id), id, held });
    this.changed();
  }

  async forget(id: string): Promise<void> {
    await this.files.remove(PREFIX + id);
    if (this.records.delete(id)) this.changed();
  }

  private async save(record: CertificateRecord): Promise<void> {
    await this.files.write(PREFIX + record.id, certificateToText(record));
    this.records.set(record.id, record);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
