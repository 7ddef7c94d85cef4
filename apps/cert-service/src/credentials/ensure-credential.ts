import { createPublicKey } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateIssued } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { createCsr, exportPrivateKey, generateKeyPair, importPrivateKey, publicKeyFingerprint } from '@caravan/pki';
import type { Cause } from '../authorities/cause.js';
import type { CertificateStore } from '../certificates/certificate-store.js';
import { commonNameOf } from '../issuing/names.js';
import type { Issuing } from '../issuing/issuing.js';
import { certificateIdOf, isAboutToExpire } from './credential.js';
import type { Credential } from './credential.js';
import { createFile, PRIVATE, readIfThere, replaceFile } from './files.js';

type Issued = EventOf<typeof CertificateIssued>['data'];

const READABLE = 0o644;

export interface Workshop {
  readonly installation: string;
  readonly directory: string;
  readonly now: Date;
  readonly cause: Cause;
  readonly issuing: Issuing;
  readonly certificates: CertificateStore;
  /** Whether it is by an authority that may have signed it. */
  readonly isBySuch: (issued: Issued) => boolean;
}

/**
 * Sees to it that `<file>.key` and `<file>.pem` are there, belong together and last. Each certificate has a key of its own, which lies in
 * `<file>.next.key` until there is one. Each step finds what the one before it left, so that a killed run is simply run again. One that was
 * revoked is replaced.
 *
 * @returns whether there is another certificate
 */
export async function ensureCredential(credential: Credential, workshop: Workshop): Promise<boolean> {
  const at = (kind: string): string => join(workshop.directory, `${credential.file}.${kind}`);
  const { latest, ordinal } = await latestOf(credential, workshop);
  const isGood = latest !== undefined && !(await workshop.certificates.isRevoked(latest.certificateId));
  const goodFor = (key: string): Issued | undefined =>
    isGood && workshop.isBySuch(latest) && serves(latest, credential, key, workshop.now) ? latest : undefined;

  const held = readKey(at('key'));
  const current = held === undefined ? undefined : goodFor(held);
  if (current) putCertificate(at('pem'), current);
  else {
    const next = keyIn(at('next.key'));
    const issued = goodFor(next) ?? (await issue(credential, ordinal + 1, next, workshop));
    // Somebody else may have been quicker, whose key it is then for.
    if (!isFor(issued, next)) return ensureCredential(credential, workshop);
    replaceFile(at('key'), next, PRIVATE);
    putCertificate(at('pem'), issued);
  }
  rmSync(at('next.key'), { force: true });
  return current === undefined;
}

function putCertificate(path: string, { certificate, chain }: Issued): void {
  const text = [certificate, ...chain].join('');
  if (readIfThere(path) !== text) replaceFile(path, text, READABLE);
}

/** What is none is left as it is. @throws PkiError `key.malformed` */
function readKey(path: string): string | undefined {
  const text = readIfThere(path);
  if (text !== undefined) importPrivateKey(text);
  return text;
}

function keyIn(path: string): string {
  const text = readKey(path);
  if (text !== undefined) return text;
  createFile(path, exportPrivateKey(generateKeyPair().privateKey).reveal());
  return keyIn(path);
}

export async function latestOf(
  credential: Credential,
  { installation, certificates }: Pick<Workshop, 'installation' | 'certificates'>,
): Promise<{ latest: Issued | undefined; ordinal: number }> {
  let latest: Issued | undefined;
  for (let ordinal = 1; ; ordinal++) {
    const found = await certificates.find(certificateIdOf(installation, credential, ordinal));
    if (!found) return { latest, ordinal: ordinal - 1 };
    latest = found.event.type === CertificateIssued.type ? found.event.data : undefined;
  }
}

const isFor = (issued: Issued, key: string): boolean =>
  issued.publicKeyFingerprint === publicKeyFingerprint(createPublicKey(importPrivateKey(key)));

const serves = (issued: Issued, { hosts }: Credential, key: string, now: Date): boolean =>
  isFor(issued, key) && JSON.stringify(issued.hosts) === JSON.stringify(hosts) && !isAboutToExpire(issued, now);

async function issue(
  credential: Credential,
  ordinal: number,
  key: string,
  { installation, issuing, cause }: Workshop,
): Promise<Issued> {
  const { holder, profile, hosts } = credential;
  const subject = { commonName: commonNameOf(holder) };
  const privateKey = importPrivateKey(key);
  const csr = createCsr({ subject, keyPair: { privateKey, publicKey: createPublicKey(privateKey) } });
  const certificateId = certificateIdOf(installation, credential, ordinal);
  const authority = { kind: 'management', installation } as const;
  const verdict = await issuing.issue({ certificateId, profile, authority, holder, hosts, ordinal, csr }, cause);
  if (verdict.type === CertificateIssued.type) return verdict.data;
  throw new Error(`no certificate for ${credential.file}: ${verdict.data.code}: ${verdict.data.detail}`);
}
