import { readJoinUrl } from '@caravan/api';
import type { JoinUrl } from '@caravan/api';
import { isLoopback } from '../credentials/join-url.js';
import { usageError } from '../failures/cli-error.js';
import { fileText } from '../files/file-text.js';

const LONGEST = 4_096;

/**
 * What somebody was told, as it stands on the command line or in a file, where nobody else on this machine sees it. Undefined: it is something else.
 * @throws CliError `cli.bad-join-url`, `cli.join-without-tls`
 */
export const joinUrlGiven = async (text: string, file: string): Promise<JoinUrl | undefined> => {
  if (/^https?:|\/join#/i.test(text)) return checked(text);
  const content = await fileText(file, LONGEST).catch(() => ''); // read again as what it is, and told of then
  return /^https?:/i.test(content) ? checked(content.trim()) : undefined;
};

const checked = (text: string): JoinUrl => {
  const url = readJoinUrl(text);
  if (!url) {
    throw usageError('cli.bad-join-url', 'That is not all of a URL to join by, or something else.', [
      "caravan join '<url>', as it was given to you, in quotes, from https to its last character",
    ]);
  }
  const isPlain = new URL(url.api).protocol === 'http:';
  if (!isPlain || (isLoopback(url.api) && url.pin === undefined)) return url;
  throw usageError('cli.join-without-tls', `${url.api} is without TLS: whoever is on the way could answer instead.`, [
    'ask whoever invited you for a URL that begins with https',
  ]);
};
