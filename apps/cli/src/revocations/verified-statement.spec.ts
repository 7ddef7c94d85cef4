import { createPrivateKey, X509Certificate } from 'node:crypto';
import { CLOSING_STATEMENT } from '@caravan/api';
import type { ClosingStatement } from '@caravan/api';
import { INSTALLATION, issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifiedStatement } from './verified-statement.js';

const id = '0198c0de-0000-7000-8000-000000000041';
const statement: ClosingStatement = {
  installation: INSTALLATION,
  revocationId: id,
  what: { kind: 'network', id, name: 'retail' },
  reason: 'unspecified',
  requestedAt: '2026-01-01T00:00:00.000Z',
  certificates: [],
  confirmed: [],
  unconfirmed: [],
  enforcedAt: null,
  goneAt: null,
  position: 7,
  statedAt: new Date().toISOString(),
};
const root = makeRoot();
const management = makeAuthority(root, 'managementCa', 'management');
const anchor = (of: { certificatePem: string }) => new X509Certificate(of.certificatePem);
const service = (name = 'management-controller', by = management, installation = INSTALLATION) =>
  issue(by, 'service', { identity: `spiffe://${installation}/service/${name}` }, { withIntermediates: true });

async function signed(says: object = statement, { by = service(), typ = CLOSING_STATEMENT } = {}): Promise<string> {
  const x5c = by.chain
    .split(/(?<=-----END CERTIFICATE-----)\r?\n/)
    .filter(Boolean)
    .map((each) => new X509Certificate(each).raw.toString('base64'));
  return new CompactSign(Buffer.from(JSON.stringify(says)))
    .setProtectedHeader({ alg: 'ES256', typ, x5c })
    .sign(createPrivateKey(by.key));
}
const codeOf = (verifying: Promise<unknown>): Promise<string> =>
  verifying.then(
    () => 'it was believed',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('a signed statement', () => {
  it('is believed that the management plane of that installation signed, by its own authority', async () => {
    const others = [makeAuthority(root, 'managementCa', 'management'), management];
    expect(await verifiedStatement(`${await signed()}\n`, others.map(anchor))).toEqual(statement);
  });

  it('is not believed of whoever stands on the same root', async () => {
    const member = makeAuthority(
      makeAuthority(makeAuthority(root, 'backboneCa', 'demo'), 'networkCa', 'retail'),
      'memberCa',
      'retail',
    );
    for (const by of [service(undefined, member), service()])
      expect(await codeOf(verifiedStatement(await signed(statement, { by }), [anchor(root)]))).toContain('not-trusted');
    const ofMember = await signed(statement, { by: service(undefined, member) });
    expect(await codeOf(verifiedStatement(ofMember, [anchor(management)]))).toContain('not-trusted');
  });

  it.each([
    ['another service', () => signed(statement, { by: service('router-config') }), 'statement.not-trusted'],
    ['another installation', () => signed({ ...statement, installation: 'acme' }), 'statement.not-trusted'],
    [
      'nobody known',
      () => signed(statement, { by: service(undefined, makeAuthority(makeRoot(), 'managementCa', 'management')) }),
      'statement.not-trusted',
    ],
    [
      'somebody long before',
      () => signed({ ...statement, statedAt: '2020-01-01T00:00:00.000Z' }),
      'statement.not-trusted',
    ],
    ['somebody who says something else', () => signed({ hello: 'world' }), 'statement.malformed'],
    ['somebody for something else', () => signed(statement, { typ: 'JWT' }), 'statement.malformed'],
    ['nobody at all', async () => 'no statement', 'statement.malformed'],
    [
      'somebody before it was changed',
      async () => {
        const [head, , proof] = (await signed()).split('.');
        const changed = { ...statement, enforcedAt: statement.statedAt };
        return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), proof].join('.');
      },
      'statement.forged',
    ],
    [
      'whoever has the certificate and not the key',
      () => signed(statement, { by: { ...service(), key: service().key } }),
      'statement.forged',
    ],
  ])('is not believed that %s signed', async (_, sign, code) => {
    expect(await codeOf(verifiedStatement(await sign(), [anchor(management)]))).toContain(code);
  });
});
