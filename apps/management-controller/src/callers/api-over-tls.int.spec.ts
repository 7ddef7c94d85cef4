import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCertificate } from '@caravan/pki';
import { ConfigurationError } from '@caravan/platform';
import { issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { ApiOverTls } from './api-over-tls.js';

function tree() {
  const authority = makeAuthority(makeRoot(), 'managementCa', 'management');
  return { authority: authority.certificatePem, server: issue(authority, 'apiServer', { hosts: ['localhost'] }).chain };
}
const fingerprintOf = (certificate: string): string => describeCertificate(certificate).fingerprint;

describe('the API over TLS', () => {
  let directory: string;
  const file = (name: string): string => join(directory, name);
  const [one, next] = [tree(), tree()];
  const listening = { API_TLS_HOST: '127.0.0.1', API_TLS_PORT: 0 };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'caravan-api-'));
    writeFileSync(file('key'), '');
    writeFileSync(file('cert'), one.server + one.authority);
    writeFileSync(file('trust'), one.authority);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const open = () =>
    ApiOverTls.of({
      ...listening,
      API_CERT_FILE: file('cert'),
      API_KEY_FILE: file('key'),
      API_CLIENT_CA_FILE: file('trust'),
    });

  it('goes by its files as they are now', () => {
    const api = open();
    expect(api.trust()).toEqual([one.authority]);
    expect(api.accepts()).toEqual([fingerprintOf(one.authority)]);
    expect(api.presents()).toEqual([]); // not open yet
    let shown = one.server + one.authority;
    api.opened({ shows: () => shown });
    expect(api.presents()).toEqual([fingerprintOf(one.server), fingerprintOf(one.authority)]);
    shown = one.server;
    expect(api.presents()).toEqual([fingerprintOf(one.server), fingerprintOf(one.authority)]); // who signed it is told by that
    writeFileSync(file('trust'), one.authority + next.authority);
    shown = next.server;
    expect(api.trust()).toEqual([one.authority, next.authority]);
    expect(api.presents()[1]).toBe(fingerprintOf(next.authority));
  });

  it('trusts nobody where that cannot be read', () => {
    const api = open();
    expect(api.trouble()).toBeUndefined();
    rmSync(file('trust'));
    expect(() => api.trust()).toThrow(expect.objectContaining({ code: 'service.unavailable' }));
    expect(api.trouble()).toMatch(/ENOENT.*Remedy: mend .*trust, or ask with a token/);
    writeFileSync(file('trust'), 'no certificate');
    expect(api.trouble()).toMatch(/damaged, or there is none/);
  });

  it('is not there without a port, and names what is missing with one', () => {
    expect(ApiOverTls.of({ API_TLS_HOST: '127.0.0.1' })).toMatchObject({ listening: undefined });
    const half = () => ApiOverTls.of({ ...listening, API_CERT_FILE: file('cert') });
    expect(half).toThrow(ConfigurationError);
    expect(half).toThrow(/API_KEY_FILE is missing.*cert-service init[\s\S]*API_CLIENT_CA_FILE is missing/);
  });
});
