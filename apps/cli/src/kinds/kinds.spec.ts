import { describe, expect, it } from 'vitest';
import { apiRoutes, openApiDocument } from '@caravan/api';
import type { Route } from '@caravan/api';
import { findKind, kindOf, kindOfField, kinds, unknownKind, wordsFor } from './kinds.js';
import type { Kind } from './kind.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
}
/** The fields of what a route answers with, of one item where it answers with many. */
const fieldsOf = (route: Route): string[] => {
  const { paths } = openApiDocument({ title: '', version: '', basePath: '' }, [route]);
  const operation = paths[route.path]?.[route.method.toLowerCase()] as {
    responses: Record<number, { content: Record<string, { schema: Schema }> }>;
  };
  const schema = operation.responses[route.status]?.content['application/json']?.schema;
  const properties = schema?.properties ?? {};
  return Object.keys(properties['next'] ? (properties['items']?.items?.properties ?? {}) : properties);
};
const eachKind = kinds.map((kind): [string, Kind] => [kind.name, kind]);
const routesOf = ({ routes }: Kind): Route[] => Object.values(routes).filter((route) => route !== undefined);

describe('the table of kinds', () => {
  it('has a kind for every list of the API', () => {
    const isPaged = ({ query }: Route): boolean => 'cursor' in ((query as { shape?: object } | undefined)?.shape ?? {});
    const lists = apiRoutes.filter((route) => route.method === 'GET' && route.reply && isPaged(route));
    expect(lists.length).toBeGreaterThan(10);
    const inTable = new Set(kinds.map(({ routes }) => routes.list));
    expect(lists.filter((route) => !inTable.has(route)).map(({ name }) => name)).toEqual([]);
  });

  it('calls no two kinds by one word', () => {
    const words = kinds.flatMap(wordsFor);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });

  it.each(eachKind)('shows only fields that the API answers for %s', (_, kind) => {
    const route = kind.routes.list ?? kind.routes.get;
    const fields = fieldsOf(route!);
    expect(fields.length).toBeGreaterThan(0);
    expect(kind.columns.map(({ field }) => field).filter((field) => !fields.includes(field))).toEqual([]);
    expect(Object.keys(kind.meanings ?? {}).filter((field) => !fields.includes(field))).toEqual([]);
  });

  it.each(eachKind)('can fill every parameter of the paths of %s', (_, kind) => {
    const known = [
      ...kind.parents.map((parent) => kindOf(parent).idField),
      kind.idField,
      ...(kind.fields ?? []).map(({ field }) => field),
    ];
    for (const route of routesOf(kind)) {
      expect({ route: route.name, unknown: route.params.filter((name) => !known.includes(name)) }).toEqual({
        route: route.name,
        unknown: [],
      });
    }
  });

  it.each(eachKind.filter(([, kind]) => kind.routes.create))('has an option for every field of a new %s', (_, kind) => {
    const route = kind.routes.create!;
    const { paths } = openApiDocument({ title: '', version: '', basePath: '' }, [route]);
    const operation = paths[route.path]?.['post'] as {
      requestBody: { content: Record<string, { schema: Schema }> };
    };
    const asked = Object.keys(operation.requestBody.content['application/json']?.schema.properties ?? {});
    const given = [kind.argument, ...(kind.fields ?? [])].map((field) => field?.field.split('.')[0]);
    expect(asked.filter((field) => !given.includes(field))).toEqual([]);
  });

  it.each(eachKind)('has an example of its own for each verb of %s', (_, kind) => {
    expect(findKind(kind.examples.get.split(' ')[2] ?? '')).toBe(kind);
    expect(kind.examples.create !== undefined).toBe(kind.routes.create !== undefined);
    expect(kind.examples.delete !== undefined).toBe(kind.routes.delete !== undefined);
    expect(kind.routes.create !== undefined || kind.madeBy !== undefined || kind.foundAs !== undefined).toBe(true);
  });

  it('knows what the fields that hold ids point to', () => {
    expect(kindOfField(kindOf('member'), 'invitationId')?.name).toBe('invitation');
    expect(kindOfField(kindOf('link'), 'acceptingSiteId')?.name).toBe('backbone-site');
    expect(kindOfField(kindOf('access-point'), 'siteId')?.name).toBe('backbone-site');
    expect(kindOfField(kindOf('access-point'), 'name')).toBeUndefined();
  });
});

describe('a word that is no kind', () => {
  const suggestion = (word: string) => (unknownKind(word, 'get', kinds) as { remedies?: string[] }).remedies;

  it.each([
    ['bakcbone', ['caravan get backbone']],
    ['memers', ['caravan get members']],
    ['invit', ['caravan get invitation']],
    ['acces-points', ['caravan get access-points']],
    ['xyzzy', []],
  ])('%s is answered with the nearest', (word, remedies) => {
    expect(suggestion(word)).toEqual(remedies);
  });

  it('is told from a kind that the verb is not for', () => {
    expect(unknownKind('members', 'create', [])).toMatchObject({
      code: 'cli.verb-unknown-for-kind',
      message: expect.stringContaining('caravan invite'),
    });
  });
});
