import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@caravan/platform';
import { Awaiting } from '../authorities/awaiting.js';
import { replaceFile } from '../credentials/files.js';
import { certificateOf } from '../issuers/issuer.js';
import type { AuthorityRequest, Issuer } from '../issuers/issuer.js';
import { readOption } from './read-option.js';

const READABLE = 0o644;

/**
 * The offline issuer of a first start, when there is no API to bring anything to: the request goes into a file, and what was signed comes
 * in one. Both are public.
 */
export class SignedFile implements Issuer {
  #asked: { readonly request: AuthorityRequest; readonly file: string } | undefined;

  constructor(
    private readonly directory: string,
    private readonly signed: string | undefined,
  ) {}

  async answerTo(request: AuthorityRequest): Promise<string> {
    const file = join(this.directory, `${request.kind}-ca-${request.ordinal}.csr`);
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    replaceFile(file, request.csr, READABLE);
    this.#asked = { request, file };
    if (this.signed === undefined) throw new Awaiting(certificateOf(request));
    return readOption('--signed', this.signed).toString('latin1');
  }

  /** What whoever ran `init` has to do now. */
  remedy({ what }: Awaiting): ConfigurationError {
    if (!this.#asked) return wrong('--root-certificate', `is missing: awaiting ${what}`, undefined);
    const { request, file } = this.#asked;
    const constraints = `CA:TRUE, pathlen:${request.pathLength}, keyCertSign and cRLSign`;
    const sign = `have the root sign ${file} (${constraints}), and run this again with --signed <certificate>`;
    return wrong('--signed', this.signed === undefined ? `is missing: awaiting ${what}` : `will not do: ${what}`, sign);
  }
}

const wrong = (variable: string, says: string, remedy: string | undefined): ConfigurationError =>
  new ConfigurationError([{ variable, says, remedy }]);
