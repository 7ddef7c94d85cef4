import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TlsOptions } from '@nats-io/transport-node';
import { lookEvery } from '../lifecycle/look-every.js';

/** Renewals come days before what they replace is over. */
const LOOK_EVERY_MS = 5_000;

export interface CredentialFilesOptions {
  /** What is in the files now is another credential, and fits together. */
  readonly changed: () => void;
  /** They do not: told once for each state that they are in. What was in use stays in use. */
  readonly problem: (error: Error) => void;
  readonly everyMs?: number;
}

type Files = Pick<TlsOptions, 'caFile' | 'certFile' | 'keyFile'>;

/**
 * Looks at the files that a connection is made with, for as long as the process lives or until the returned function is called: nothing is
 * told after that. They are read and not only their times: a mounted secret is changed by a link. Undefined: there is nothing to look at.
 */
export function followCredentials(files: Files, options: CredentialFilesOptions): (() => void) | undefined {
  const { changed, problem, everyMs = LOOK_EVERY_MS } = options;
  if ([files.caFile, files.certFile, files.keyFile].every((file) => file === undefined)) return undefined;
  let inUse: string | undefined;
  /** What is there and fits together is judged once: reading certificates and keys costs more than the files. */
  let judged: string | undefined;
  let complained: string | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      const contents = await contentsOf(files);
      const now = digestOf(contents);
      if (isStopped || now === judged) return;
      assertFitting(contents, files);
      [judged, complained] = [now, undefined];
      const isAnother = inUse !== undefined && now !== inUse;
      inUse = now;
      if (isAnother) changed();
    } catch (error) {
      const { message } = error as Error;
      if (!isStopped && message !== complained) problem(error as Error);
      [judged, complained] = [undefined, message];
    }
  };
  const lookNoMore = lookEvery(everyMs, look, { atOnce: true });
  return () => {
    isStopped = true;
    lookNoMore();
  };
}

type Contents = readonly [ca: string, certificate: string, key: string];

const contentsOf = async ({ caFile, certFile, keyFile }: Files): Promise<Contents> => {
  const read = async (file: string | undefined) => (file === undefined ? '' : readFile(file, 'utf8'));
  return Promise.all([read(caFile), read(certFile), read(keyFile)]);
};

const digestOf = (contents: Contents): string => createHash('sha256').update(JSON.stringify(contents)).digest('hex');

/** Throws where they do not fit together: somebody is writing them, or wrote the wrong ones. */
function assertFitting([ca, certificate, key]: Contents, { certFile, keyFile }: Files): void {
  if (ca) new X509Certificate(ca);
  if (certificate && key && !new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`the key in ${keyFile} is not that of the certificate in ${certFile}`);
  }
}
