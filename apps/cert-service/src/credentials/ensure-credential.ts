import { join } from 'node:path';
import { CertificateIssued } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { createCsr, exportPrivateKey, generateKeyPair, importPrivateKey, publicKeyFingerprint } from '@caravan/pki';
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Cause } from '../authorities/cause.js';
import type { CertificateStore } from '../certificates/certificate-store.js';
import { commonNameOf } from '../issuing/names.js';
import type { Issuing } from '../issuing/issuing.js';
import { certificateIdOf, isAboutToExpire } from './credential.js';
import type { Credential } from './credential.js';
import { createFile, readIfThere, replaceFile } from './files.js';

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
 * Sees to it that `<file>.key` and `<file>.pem` are there, belong together and last. The key is made first and stays; each step
 * finds what the one before it left, so that a killed run is simply run again.
 *
 * @returns whether a certificate was issued
 */
export async function ensureCredential(credential: Credential, workshop: Workshop): Promise<boolean> {
  const key = keyIn(join(workshop.directory, `${credential.file}.key`));
  const { latest, ordinal } = await latestOf(credential, workshop);
  const good = latest !== undefined && workshop.isBySuch(latest) && serves(latest, credential, key, workshop.now);
  const issued = good ? latest : await issue(credential, ordinal + 1, key, workshop);
  const path = join(workshop.directory, `${credential.file}.pem`);
  const text = [issued.certificate, ...issued.chain].join('');
  if (readIfThere(path) !== text) replaceFile(path, text, READABLE);
  return !good;
}

function keyIn(path: string): KeyObject {
  const text = readIfThere(path);
  if (text !== undefined) return importPrivateKey(text);
  createFile(path, exportPrivateKey(generateKeyPair().privateKey).reveal());
  return keyIn(path);
}

async function latestOf(
  credential: Credential,
  { installation, certificates }: Workshop,
): Promise<{ latest: Issued | undefined; ordinal: number }> {
  let latest: Issued | undefined;
  for (let ordinal = 1; ; ordinal++) {
    const found = await certificates.find(certificateIdOf(installation, credential, ordinal));
    if (!found) return { latest, ordinal: ordinal - 1 };
    latest = found.event.type === CertificateIssued.type ? found.event.data : undefined;
  }
}

const serves = (issued: Issued, { hosts }: Credential, key: KeyObject, now: Date): boolean =>
  issued.publicKeyFingerprint === publicKeyFingerprint(createPublicKey(key)) &&
  JSON.stringify(issued.hosts) === JSON.stringify(hosts) &&
  !isAboutToExpire(issued, now);

async function issue(
  credential: Credential,
  ordinal: number,
  key: KeyObject,
  { installation, issuing, cause }: Workshop,
): Promise<Issued> {
  const { holder, profile, hosts } = credential;
  const subject = { commonName: commonNameOf(holder) };
  const csr = createCsr({ subject, keyPair: { privateKey: key, publicKey: createPublicKey(key) } });
  const certificateId = certificateIdOf(installation, credential, ordinal);
  const authority = { kind: 'management', installation } as const;
  const verdict = await issuing.issue({ certificateId, profile, authority, holder, hosts, ordinal, csr }, cause);
  if (verdict.type === CertificateIssued.type) return verdict.data;
  throw new Error(`no certificate for ${credential.file}: ${verdict.data.code}: ${verdict.data.detail}`);
}
