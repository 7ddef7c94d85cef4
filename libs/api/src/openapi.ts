import { z } from 'zod';
import { IDEMPOTENCY_HEADER, POSITION_HEADER, problemSchema } from './problem.js';
import type { Route } from './route.js';

type Json = Record<string, unknown>;

const schema = (of: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(of, { io, unrepresentable: 'any' });
  return rest;
};

const parameters = (route: Route): Json[] => {
  const query = route.query ? (schema(route.query, 'input')['properties'] as Record<string, Json>) : {};
  return [
    ...route.params.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(query).map(([name, each]) => ({ name, in: 'query', schema: each })),
    route.method === 'GET'
      ? {
          name: POSITION_HEADER,
          in: 'header',
          description: 'Answer no earlier than this log position.',
          schema: { type: 'integer' },
        }
      : {
          name: IDEMPOTENCY_HEADER,
          in: 'header',
          description: 'The same key gives the first answer again.',
          schema: { type: 'string', maxLength: 100 },
        },
  ];
};

const operation = (route: Route): Json => ({
  operationId: route.name,
  summary: route.summary,
  parameters: parameters(route),
  ...(route.body && {
    requestBody: { required: true, content: { 'application/json': { schema: schema(route.body, 'input') } } },
  }),
  responses: {
    [route.status]: {
      description: 'Done.',
      ...(route.method !== 'GET' && {
        headers: { [POSITION_HEADER]: { description: 'Where it took effect.', schema: { type: 'integer' } } },
      }),
      ...(route.reply && { content: { 'application/json': { schema: schema(route.reply, 'output') } } }),
    },
    default: {
      description: route.codes.length > 0 ? `Refused; codes: ${route.codes.join(', ')}.` : 'Refused.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
});

/** The OpenAPI 3.1 document of a table of routes. `basePath`: what stands before every path. */
export const openApiDocument = (
  about: { title: string; version: string; basePath: string },
  routes: readonly Route[],
) => {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: about.title, version: about.version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: about.basePath }],
    security: [{ bearer: [] }, { certificate: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        certificate: { type: 'mutualTLS', description: 'of an administrator, over TLS; beside it no token is needed' },
      },
      schemas: { Problem: schema(problemSchema, 'output') },
    },
  };
};
