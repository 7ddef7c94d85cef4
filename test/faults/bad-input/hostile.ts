import { z } from 'zod';
import type { Route } from '@caravan/api';

/** What no field anywhere may take; a field that takes one of them is not asked. */
export const HOSTILE: Readonly<Record<string, unknown>> = {
  'a NUL': 'a\u0000b',
  'half a character': 'a\ud800',
  'turned text': 'a\u202etxt.exe',
  'an emoji': '👩‍🚀',
  'an escape': '\u001b[31mred',
  'a line': 'a\n{"level":"fatal"}',
  'too much text': 'a'.repeat(10_000),
  'a way out': '../../../etc/passwd',
  'a subject': 'caravan.>',
  SQL: `'; drop table network; --`,
  nothing: null,
  'an object': { $ne: 1 },
  'a prototype': JSON.parse('{"__proto__":{"name":"a"}}') as unknown,
  'a list': ['a', ['b']],
  'a huge number': 1e300,
  'a fraction': 1.5,
  'a negative number': -1,
  'a number beyond': 2 ** 53,
  'a truth': true,
};

/** Refused before any schema looks at it. */
const NOT_EVEN_TEXT = new Set(['a NUL', 'half a character']);

/** One of these fits every field that there is; a new kind of field needs a new one. */
const FITTING: readonly unknown[] = [
  'a-name',
  '0199d1b0-0000-7000-8000-000000000001',
  '127.0.0.1',
  'peer',
  'unspecified',
  'internal',
  '2030-01-01T00:00:00Z',
  'f'.repeat(64),
  '-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n',
  1,
  true,
  [],
  ['0199d1b0-0000-7000-8000-000000000001'],
  null,
];

type Shape = Readonly<Record<string, z.ZodType>>;

/** The fields of a schema, each with a value that fits. @throws Error naming a field for which there is none */
function sampleOf(shape: Shape): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => {
      const options = schema instanceof z.ZodEnum ? schema.options : [];
      const fitting = [...options, ...FITTING].find((value) => value !== undefined && schema.safeParse(value).success);
      if (fitting === undefined) throw new Error(`no sample fits the field ${name}: add one to FITTING`);
      return [name, fitting];
    }),
  );
}

export interface BadValue {
  readonly what: string;
  /** As it is sent: JSON text, which can hold what no value can. */
  readonly text: string;
  /** The field that has to be named in the answer; absent: what is wrong is no field's. */
  readonly field?: string;
}

/** Bodies that differ from a good one in one place, and some that have nothing in common with one. */
export function badBodies(route: Route): BadValue[] {
  const shape = (route.body as unknown as { shape: Shape }).shape;
  const sample = sampleOf(shape);
  if (!route.body!.safeParse(sample).success)
    throw new Error(`the body for ${route.name} is wrong in more than one place`);
  const fields = Object.entries(shape).flatMap(([field, schema]) =>
    Object.entries(HOSTILE)
      .filter(([what, value]) => NOT_EVEN_TEXT.has(what) || !schema.safeParse(value).success)
      .map(([what, value]) => ({
        what: `${what} as ${field}`,
        text: JSON.stringify({ ...sample, [field]: value }),
        field,
      })),
  );
  const [first = 'none'] = Object.keys(shape);
  const open = JSON.stringify(sample).slice(0, -1);
  return [
    ...fields,
    { what: 'a field that is not known', text: `${open},"actor":{"kind":"service"}}` },
    { what: 'a prototype', text: `${open},"__proto__":{"admin":true}}` },
    { what: 'a constructor', text: `${open},"constructor":{"prototype":{"admin":true}}}` },
    { what: 'a field twice, the last one bad', text: `${open},"${first}":{}}`, field: first },
    { what: 'a number that is none', text: `${open},"more":1e999}` },
    { what: 'a name of 100,000', text: `${open},"${'x'.repeat(100_000)}":1}` },
    {
      what: 'ten thousand names',
      text: `${open}${Array.from({ length: 10_000 }, (_, index) => `,"k${index}":1`).join('')}}`,
    },
    { what: 'ten thousand levels', text: `${open},"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}` },
    { what: 'a list', text: `[${JSON.stringify(sample)}]` },
    { what: 'text', text: '"text"' },
    { what: 'null', text: 'null' },
    { what: 'half an object', text: open },
    { what: 'two objects', text: `${open}}${open}}` },
    { what: 'no JSON', text: 'name=a&kind=b' },
  ];
}

/** Queries with one bad value each. */
export function badQueries(route: Route): string[] {
  const shape = (route.query as unknown as { shape: Shape }).shape;
  const values = ['\u0000', '-1', '1.5', 'x'.repeat(5_000), '{}', '💥'];
  return [
    'unknown=1',
    '__proto__=1',
    ...Object.entries(shape).flatMap(([name, schema]) => [
      `${name}=a&${name}=b`,
      `${name}[$ne]=a`,
      ...values
        .filter((value) => value === '\u0000' || !schema.safeParse(value).success)
        .map((value) => `${name}=${encodeURIComponent(value)}`),
    ]),
  ];
}

/** Ids as they should not be; `%` stands as it is. */
export const BAD_IDS = ['..%2f..%2fetc', '%00', 'not-an-id', '*', "1'%20or%20'1", '%e2%80%ae', 'a'.repeat(3_000)];
