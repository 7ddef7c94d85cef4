import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../openapi.js';
import { SITE_API_BASE_PATH, siteFileSchema, siteRoutes } from './index.js';

const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const id = '0198c0de-0000-7000-8000-000000000001';
const invitation = {
  format: 'caravan.invitation',
  version: 1,
  installation: 'demo',
  invitation: { id, name: 'hq', networkId: id, networkName: 'retail', deadline: '2027-01-01T00:00:00Z' },
  control: { serverName: 'caravan.control', trust: [pem] },
  links: [{ kind: 'link', and: 'whatever a newer version adds' }],
  certificate: { chain: [pem], key: '-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n' },
};

describe('the local API of a site', () => {
  it('has one operation per method and path, each with a name of its own', () => {
    const operations = siteRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(operations).size).toBe(operations.length);
    expect(new Set(siteRoutes.map(({ name }) => name)).size).toBe(operations.length);
    expect(operations).toContain('POST /listeners');
  });

  it('is described by OpenAPI 3.1', () => {
    const document = openApiDocument({ title: 'Site', version: '1', basePath: SITE_API_BASE_PATH }, siteRoutes);
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toHaveLength(new Set(siteRoutes.map(({ path }) => path)).size);
    expect(document.paths['/listeners/{listenerId}']).toHaveProperty('patch.operationId', 'changeSiteListener');
  });
});

describe('an input file of a site', () => {
  it('is known by its format and passes items on as they are', () => {
    expect(siteFileSchema.parse(invitation)).toEqual(invitation);
  });

  it.each([
    ['a version that is not known', { version: 2 }],
    ['a format that is not known', { format: 'caravan.something' }],
    ['no link to dial', { links: [] }],
    ['a certificate without its key', { certificate: { chain: [pem] } }],
    ['a field that is not known', { more: true }],
  ])('is refused with %s', (_, change) => {
    expect(siteFileSchema.safeParse({ ...invitation, ...change }).success).toBe(false);
  });
});
