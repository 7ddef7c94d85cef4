import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportPrivateKey, generateKeyPair } from '@caravan/pki';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { readSiteFile } from './site-file.js';

const ID = '0198c0de-0000-7000-8000-00000000eeee';

/** Each is refused at once, in a line of words, and nothing is taken from it. */
describe('a file that a site is started with', () => {
  const authorities = testAuthorities();
  const dir = mkdtempSync(join(tmpdir(), 'caravan-files-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const at = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const identity = { kind: 'claim', installation: INSTALLATION, networkId: ID, invitationId: ID } as const;
  const certificate = authorities.make('claim', identity);
  const link = {
    kind: 'link',
    id: 'l',
    access: 'claim',
    host: 'relay.example',
    port: 4711,
    serverName: 'x.claim.caravan.internal',
    trust: [authorities.pem('infrastructureCa')],
    certificateId: 'claim',
    cost: 1,
    reach: { kind: 'control' },
  };
  const invitation = {
    format: 'caravan.invitation',
    version: 1,
    installation: INSTALLATION,
    invitation: { id: ID, name: 'hq', networkId: ID, networkName: 'retail', deadline: null },
    control: { serverName: 'caravan.control', trust: [authorities.pem('managementCa')] },
    links: [link],
    certificate,
  };
  const changed = (change: object): string => at('changed', JSON.stringify({ ...invitation, ...change }));
  const otherKey = () => exportPrivateKey(generateKeyPair().privateKey).reveal();

  it('is read when it is in order', async () => {
    expect(await readSiteFile(changed({}))).toEqual(invitation);
  });

  it.each<[string, () => string, RegExp]>([
    ['nothing', () => at('empty', ''), /not JSON/],
    ['half of one', () => at('half', JSON.stringify(invitation).slice(0, 500)), /not JSON; was it cut off/],
    ['bytes', () => at('bytes', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])), /no text/],
    ['another format', () => changed({ format: 'caravan.other' }), /not an invitation/],
    ['a version of the future', () => changed({ version: 2 }), /of this version \(version/],
    ['a version of the past', () => changed({ version: 0 }), /of this version \(version/],
    [
      'a name with a way out',
      () => changed({ invitation: { ...invitation.invitation, name: '../../etc' } }),
      /invitation\.name/,
    ],
    ['an item of the future', () => changed({ links: [{ ...link, kind: 'tunnel' }] }), /item 0 is not understood/],
    ['a member with a long name', () => changed({ ['x'.repeat(500_000)]: 1 }), /Unrecognized key/],
    [
      'the key of another',
      () => changed({ certificate: { ...certificate, key: otherKey() } }),
      /not that of its certificate/,
    ],
    [
      'a public key for a private one',
      () => changed({ certificate: { ...certificate, key: certificate.chain[0] } }),
      /certificate\.key|key\.malformed/,
    ],
    [
      'a certificate that is none',
      () =>
        changed({
          certificate: { ...certificate, chain: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'] },
        }),
      /certificate\.malformed/,
    ],
    [
      'a hundred megabytes',
      () => (truncateSync(at('huge', ' '), 100 * 1_048_576), join(dir, 'huge')),
      /104857600 bytes/,
    ],
    ['a directory', () => dir, /no file, but a directory/],
    ['a device without an end', () => '/dev/zero', /no file, but a directory, a pipe or a device/],
    [
      'a named pipe',
      () => (execFileSync('mkfifo', [join(dir, 'pipe')]), join(dir, 'pipe')),
      /no file, but a directory, a pipe/,
    ],
    ['nowhere', () => join(dir, 'nothing-here'), /ENOENT/],
  ])('is refused when it is %s', async (_, file, says) => {
    const error = await readSiteFile(file()).then(
      () => undefined,
      (failure: unknown) => failure as { code: string; message: string },
    );
    expect(error).toMatchObject({ code: 'site-directory.bad-file', message: expect.stringMatching(says) });
    expect(error!.message).toContain('Download it again');
    expect(error!.message.length).toBeLessThan(600);
    expect(error!.message).not.toContain('PRIVATE KEY');
  });
});
