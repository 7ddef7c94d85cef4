import type { Ask } from '@caravan/api';
import { usageError } from '../failures/cli-error.js';

const ASK = /^(?<name>[a-z0-9]([a-z0-9-]*[a-z0-9])?)(:(?<type>[^?=]+))?(?<optional>\?)?(=(?<about>.*))?$/s;
const TYPES = ['text', 'number', 'boolean'] as const;

/** `contact`, `floor:number`, `region:emea|apac`; with `?` after that it need not be answered, and after `=` stands what is read beside it. */
export function readAsk(text: string): Ask {
  const { name = '', type = 'text', optional, about = '' } = ASK.exec(text)?.groups ?? {};
  const asked = { name, about, required: optional === undefined };
  const plain = TYPES.find((each) => each === type);
  if (name !== '' && plain) return { type: plain, ...asked };
  const choices = type.split('|').map((choice) => choice.trim());
  if (name !== '' && choices.length > 1 && choices.every(Boolean)) return { type: 'choice', ...asked, choices };
  throw usageError('cli.bad-value', `--ask ${text}: that is nothing that can be asked.`, [
    "--ask 'contact=Whom shall we call?'",
    `--ask floor:number? (types: ${TYPES.join(', ')}; ? for what need not be answered)`,
    "--ask 'region:emea|apac'",
  ]);
}

/** As it is written for `--ask`. */
export function askText(ask: Ask): string {
  const type = ask.type === 'choice' ? `:${ask.choices.join('|')}` : ask.type === 'text' ? '' : `:${ask.type}`;
  return `${ask.name}${type}${ask.required ? '' : '?'}${ask.about === '' ? '' : `=${ask.about}`}`;
}
