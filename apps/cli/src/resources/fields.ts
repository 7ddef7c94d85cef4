import { textOption } from '../options.js';
import type { Flag } from '../command.js';
import type { Options, OptionValue } from '../options.js';
import { optionName } from '../options.js';
import type { Api } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Field } from '../kinds/kind.js';
import { readAsk } from '../kinds/asking.js';
import { readDuration, readMoment, readSeconds } from '../kinds/moment.js';
import type { Params } from './listing.js';
import { onlyOne, resolve } from './resolve.js';

export const flagOf = ({ flag, value, about, type }: Field): Flag => ({
  syntax: type === 'switch' ? `--${flag}` : `--${flag} <${value}>`,
  about,
  ...((type === 'texts' || type === 'refs') && { repeats: true }),
  ...(type === 'asks' && { repeats: 'whole' }),
});

const INTEGER = /^-?\d{1,15}$/;

const readInteger = (text: string, flag: string): number => {
  if (!INTEGER.test(text)) throw usageError('cli.bad-number', `--${flag} ${text} is not a whole number.`);
  return Number(text);
};

/** The text of an option as the value of its field, when nobody has to be asked for it. */
export const readField = ({ flag, type = 'text' }: Field, given: OptionValue, now: Date): unknown => {
  const one = typeof given === 'string' ? given : '';
  switch (type) {
    case 'integer':
      return readInteger(one, flag);
    case 'limit':
      return one === 'none' ? null : readInteger(one, flag);
    case 'time':
      return readMoment(one, flag, now);
    case 'seconds':
      return readSeconds(one, flag, '7d');
    case 'duration':
      return readDuration(one, flag, now);
    case 'asks':
      return Array.isArray(given) ? (given as readonly string[]).map(readAsk) : given;
    default:
      return given;
  }
};

/** The values of all fields that were given, and of those that refer to the only one there is. Unknown names are refused. */
export const readFields = async (
  fields: readonly Field[],
  options: Options,
  { api, params, now }: { api: Api; params: Params; now: Date },
): Promise<Record<string, unknown>> => {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const given = options[optionName(`--${field.flag}`)];
    if (given === undefined && (field.to === undefined || field.optional)) continue;
    if (field.field in values) {
      const same = fields.filter((each) => each.field === field.field).map((each) => `--${each.flag}`);
      throw usageError('cli.one-of', `Only one of ${same.join(', ')} can be given.`);
    }
    values[field.field] =
      field.to === undefined ? readField(field, given, now) : await refer(field, given, api, params);
  }
  return values;
};

/** `tls.certificate` is a field of the field `tls`. */
export function nested(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const [outer = '', inner] = name.split('.');
    body[outer] = inner === undefined ? value : { ...Object(body[outer] ?? {}), [inner]: value };
  }
  return body;
}

const refer = async (field: Field, given: OptionValue, api: Api, params: Params): Promise<unknown> => {
  const kind = kindOf(field.to!);
  const { where: query = {}, flag } = field;
  const idFor = async (ref: string) => idOf(await resolve(api, kind, ref, params, query));
  if (Array.isArray(given)) return Promise.all((given as readonly string[]).map(idFor));
  return typeof given === 'string' ? idFor(given) : idOf(await onlyOne(api, kind, params, { flag, query }));
};

/** `get` narrows only by what was given. */
export const readFilters = async (
  filters: readonly Field[],
  options: Options,
  context: { api: Api; params: Params; now: Date },
): Promise<Record<string, string>> => {
  const given = filters.filter(({ flag }) => textOption(options, optionName(`--${flag}`)) !== undefined);
  return (await readFields(given, options, context)) as Record<string, string>;
};
