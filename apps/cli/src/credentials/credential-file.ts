import path from 'node:path';
import { invitationFileSchema } from '@caravan/api';
import type { createInvitationCredential, InvitationFile, ReplyOf } from '@caravan/api';
import type { Invocation } from '../command.js';
import { textOption } from '../options.js';
import { CliError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import { machineText } from '../output/format.js';
import { isWithoutAddress } from './addresses.js';
import { newKeyRequest } from './pkcs10.js';
import type { KeyRequest } from './pkcs10.js';
import { intoSecretFile } from './into-secret-file.js';
import { reserveSecretFile } from './secret-file.js';

interface Again {
  readonly command: string;
  /** `The invitation store was created, but its file was not made`. */
  readonly before?: string;
}

/** A file with a private key in the making: what it is called, and who answers a request with what stands in it. */
export interface Download {
  readonly defaultFile: string;
  readonly commonName: string;
  /** Throws ApiError; is given the key only to put it into the answer. */
  readonly fetch: (request: KeyRequest) => Promise<unknown>;
  /** What `-o json` prints beside the path of the file. */
  readonly about: () => Readonly<Record<string, unknown>>;
  /** The command that fetches it when that or writing it failed, without its `--out`, and what there is already; undefined: nothing. */
  readonly again: () => Again | undefined;
  /** What to do with the file, given where it is. */
  readonly next: (file: string) => readonly string[];
}

/**
 * Makes the key, fetches what belongs to it, and writes both into one file that only its owner can read. What fails once there
 * is something to fetch names the command that fetches it.
 */
export const download = async (
  invocation: Invocation,
  wanted: Download,
  reserve: typeof reserveSecretFile = reserveSecretFile,
): Promise<void> => {
  const { options, terminal, output } = invocation;
  const named = textOption(options, 'out');
  const made = async () => `${JSON.stringify(await wanted.fetch(newKeyRequest(wanted.commonName)), null, 2)}\n`;
  const shown = await intoSecretFile(named ?? wanted.defaultFile, terminal, made, reserve).catch((error: unknown) => {
    throw withCommand(error, wanted, named);
  });
  if (shown === undefined) return;
  const text = [`${shown} written; it holds a private key: hand it over like one.`, ...wanted.next(shown)];
  const file = path.resolve(terminal.cwd, shown);
  terminal.out(machineText(output, { file, ...wanted.about() }) ?? `${text.join('\n')}\n`);
};

const withCommand = (error: unknown, wanted: Download, out: string | undefined): unknown => {
  const again = wanted.again();
  if (again === undefined) return error;
  const { command, before } = again;
  const fetchIt = `${command}${out === undefined ? '' : ` --out ${out}`} makes the file, now or later`;
  const { remedies } = failureOf(error);
  return new Reworded(error, {
    ...(before !== undefined && { before }),
    remedies: isWithoutAddress(error) ? [...remedies, fetchIt] : [fetchIt, ...remedies],
  });
};

interface Checked {
  safeParse(value: unknown): {
    success: boolean;
    error?: { issues: readonly { path: PropertyKey[]; message: string }[] };
  };
}

/** A file that no site would take is not written. Throws `cli.answer-unfit`. */
export const checked = (schema: Checked, document: unknown, at: string): unknown => {
  const { success, error } = schema.safeParse(document);
  if (success) return document;
  const [issue] = error?.issues ?? [];
  const where = issue === undefined ? '' : `: ${issue.path.join('.')}: ${issue.message}`;
  throw new CliError('cli.answer-unfit', `What the server answered cannot make a file that a site takes${where}.`, {
    at,
    remedy: 'use the version of caravan that belongs to the installation',
  });
};

/** What a site joins by: what was answered, and the key that it was asked for with. Throws `cli.answer-unfit`. */
export const invitationFile = (
  { chain, ...rest }: ReplyOf<typeof createInvitationCredential>,
  key: string,
  at: string,
): InvitationFile => {
  const document = { format: 'caravan.invitation', version: 1, ...rest, certificate: { chain, key } };
  return checked(invitationFileSchema, document, at) as InvitationFile;
};
