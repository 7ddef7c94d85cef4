import { describe, expect, it } from 'vitest';
import { certificateIdOf, credentials, isAboutToExpire } from './credential.js';

describe('the credentials of the management plane', () => {
  const nobody = { natsHosts: [], apiHosts: [], managementSite: undefined, administrators: [] };

  it('name NATS and the API by every way to them, each once', () => {
    const hosts = { natsHosts: ['nats.example', 'localhost'], apiHosts: ['api.example', 'localhost'] };
    const [nats, api] = credentials({ ...nobody, ...hosts });
    expect(nats!.hosts).toEqual(['localhost', '127.0.0.1', 'caravan.control', 'nats.example']);
    expect(api!.hosts).toEqual(['localhost', '127.0.0.1', 'api.example']);
  });

  it('are files of their own, one for each administrator', () => {
    const files = credentials({ ...nobody, administrators: ['ada', 'nats-server'] }).map(({ file }) => file);
    expect(files.slice(-2)).toEqual(['administrator-ada', 'administrator-nats-server']);
    expect(new Set(files).size).toBe(files.length);
  });

  it('have ids that tell holders, ordinals and installations apart', () => {
    const all = credentials({
      ...nobody,
      managementSite: '0199d1b0-0000-7000-8000-000000000001',
      administrators: ['ada', 'bob'],
    });
    const ids = all.flatMap((one) => [1, 2].map((ordinal) => certificateIdOf('acme', one, ordinal)));
    expect(new Set([...ids, certificateIdOf('other', all[0]!, 1)]).size).toBe(2 * all.length + 1);
    expect(certificateIdOf('acme', all[0]!, 1)).toBe(ids[0]);
  });

  it('are renewed in the last third of their life', () => {
    const life = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-04-01T00:00:00Z' };
    expect(isAboutToExpire(life, new Date('2026-02-15T00:00:00Z'))).toBe(false);
    expect(isAboutToExpire(life, new Date('2026-03-15T00:00:00Z'))).toBe(true);
    expect(isAboutToExpire(life, new Date('2027-01-01T00:00:00Z'))).toBe(true);
  });
});
