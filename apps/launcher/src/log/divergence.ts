import type { Part, Status } from '@caravan/api';
import { withOptions } from './accept-log-text.js';

/** What the status says of the log: `diverged` and the words for it; `reading`, while a service still finds out. */
export type LogVerdict =
  | { readonly status: 'well' }
  | { readonly status: 'reading' }
  | { readonly status: 'diverged'; readonly words: string };

/** Pure. An alarm of an earlier run for which nothing can be done yet may end by itself once the log has been read. */
export function verdictOn({ parts }: Pick<Status, 'parts'>): LogVerdict {
  const alarms = parts.filter(({ code }) => code === 'log.diverged');
  if (alarms.length === 0) return { status: 'well' };
  if (alarms.every(({ remedy }) => remedy === null)) return { status: 'reading' };
  return { status: 'diverged', words: wordsOf(alarms) };
}

/** What is wrong, as `caravan status` says it: which service, what, since when, and what to do. */
export const wordsOf = (parts: readonly Part[]): string =>
  parts
    .filter(({ status }) => status !== 'ok')
    .flatMap(({ service, name, status, since, code, detail, remedy }) => [
      `  ${name}, seen by ${service}: ${status}${since === null ? '' : ` since ${since}`}${code === null ? '' : ` [${code}]`}`,
      `    ${detail}`,
      ...(remedy === null ? [] : [`    try: ${remedy}`]),
    ])
    .join('\n');

/** Why there is no story on such a log, and the two ways on that there are under `npm start`. */
export const divergedText = (words: string, natsDir: string, start: string): string =>
  `The log is not the one that was witnessed, and nothing is written to it:
${words}

  Here, with everything stopped, either put a whole log back into ${natsDir} and start again,
  or look at what is left of it, and accept that:  ${withOptions(start, '--accept-log')}`;
