import { nameSchema } from '@caravan/api';
import type { Ask, InvitationFile, SiteDetails } from '@caravan/api';
import { usageError } from '../failures/cli-error.js';
import { askText } from '../kinds/asking.js';
import type { Terminal } from '../terminal.js';

/** What whoever joins says to what the invitation asks; what the site's process is started with. */
export interface Answers {
  readonly name?: string;
  readonly details?: SiteDetails;
}

interface Given {
  readonly name: string | undefined;
  /** `name=value`, each. */
  readonly set: readonly string[];
}

export type Asking = Pick<InvitationFile['invitation'], 'interactive' | 'asks' | 'networkName'>;

const LONGEST_TEXT = 256;
const MORE = 'caravan join <file> --name <name> --set <what>=<value>';

/**
 * What was given, and what is still asked of whoever sits at the terminal.
 * @throws CliError `cli.bad-value`, `cli.missing-answers`, `site.not-confirmed`
 */
export async function answersTo(
  { interactive = false, asks = [], networkName }: Asking,
  { name, set }: Given,
  { ask, err }: Pick<Terminal, 'ask' | 'err'>,
): Promise<Answers> {
  const details = new Map(set.map((each) => detailOf(each, asks)));
  const open = asks.filter((each) => each.required && !details.has(each.name));
  if ((open.length > 0 || (interactive && name === undefined)) && !ask) throw missing(open, interactive && !name);
  for (const each of open) details.set(each.name, await answered(each, ask!, err));
  if (name !== undefined && !isName(name)) throw usageError('cli.bad-value', `--name ${name}: ${NAMES}.`, MORE);
  const called = interactive ? (name ?? (await nameFrom(ask!, err))) : name;
  if (
    interactive &&
    name === undefined &&
    !isYes(await ask!(`Join network ${networkName} as ${called ?? ''}? [y/N] `))
  ) {
    throw usageError('site.not-confirmed', 'Nothing was joined: it was not confirmed.', MORE);
  }
  return {
    ...(called !== undefined && { name: called }),
    ...(details.size > 0 && { details: Object.fromEntries(details) }),
  };
}

const NAMES = 'a name is lower-case letters, digits and dashes, at most 63';
const isName = (name: string): boolean => nameSchema.safeParse(name).success;

async function nameFrom(question: (text: string) => Promise<string>, err: Terminal['err']): Promise<string> {
  for (;;) {
    const name = (await question('What is this site called? ')).trim();
    if (isName(name)) return name;
    err(`${NAMES}\n`);
  }
}

const isYes = (text: string): boolean => /^(y|yes)$/i.test(text.trim());

function missing(asks: readonly Ask[], isNameless: boolean): Error {
  const what = [...(isNameless ? ['--name <name>'] : []), ...asks.map(({ name }) => `--set ${name}=<value>`)];
  const about = asks.map((ask) => askText(ask)).join(', ');
  const asked = about === '' ? 'a name for the site' : `${isNameless ? 'a name for the site, ' : ''}${about}`;
  return usageError(
    'cli.missing-answers',
    `The invitation asks whoever joins for ${asked}.`,
    `caravan join <file> ${what.join(' ')}`,
  );
}

function detailOf(text: string, asks: readonly Ask[]): [string, SiteDetails[string]] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const ask = asks.find((each) => each.name === name);
  if (at < 0 || !ask) {
    const known = asks.map((each) => each.name).join(', ');
    const what = known === '' ? 'The invitation asks for nothing' : `The invitation asks for: ${known}`;
    throw usageError('cli.bad-value', `--set ${text}: ${what}.`, MORE);
  }
  const value = valueOf(ask, text.slice(at + 1));
  if (value === undefined) throw usageError('cli.bad-value', `--set ${text}: expected is ${expected(ask)}.`, MORE);
  return [name, value];
}

const expected = (ask: Ask): string =>
  ask.type === 'choice'
    ? `one of ${ask.choices.join(', ')}`
    : { text: `some text, of ${LONGEST_TEXT} characters at most`, number: 'a number', boolean: 'yes or no' }[ask.type];

/** Undefined: it is no answer to that. */
function valueOf(ask: Ask, text: string): SiteDetails[string] | undefined {
  switch (ask.type) {
    case 'text':
      return text === '' || text.length > LONGEST_TEXT ? undefined : text;
    case 'number':
      return text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
    case 'boolean':
      return /^(y|yes|true)$/i.test(text) ? true : /^(n|no|false)$/i.test(text) ? false : undefined;
    case 'choice':
      return ask.choices.includes(text) ? text : undefined;
  }
}

async function answered(ask: Ask, question: (text: string) => Promise<string>, err: Terminal['err']) {
  for (;;) {
    const value = valueOf(ask, (await question(`${ask.about || ask.name} (${expected(ask)}): `)).trim());
    if (value !== undefined) return value;
    err(`expected is ${expected(ask)}\n`);
  }
}
