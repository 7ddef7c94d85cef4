import { createPrivateKey, createPublicKey } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { siteFileSchema } from '@caravan/api';
import type { InvitationFile } from '@caravan/api';
import { Desk } from '../fakes/desk.fixture.js';
import { ids } from '../fakes/world.fixture.js';

const desk = new Desk();
const { api, caravan, sent } = desk;
const file = (name: string) => path.join(desk.shell.cwd, name);
const DEADLINE = '--deadline 2026-12-24T18:00Z';

describe('invite', () => {
  it('creates an invitation and writes its file, with a key that was never sent', async () => {
    const { code, stdout } = await caravan(`invite retail pop-up --limit 5 --class storefront ${DEADLINE}`);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('caravan join retail-pop-up.invitation.json'),
    });
    expect(sent('createInvitation')[0]?.body).toEqual({
      name: 'pop-up',
      instanceLimit: 5,
      siteClasses: ['storefront'],
      deadline: '2026-12-24T18:00:00.000Z',
      ...{ approval: false, interactive: false, asks: [] },
    });

    const written = siteFileSchema.parse(JSON.parse(readFileSync(file('retail-pop-up.invitation.json'), 'utf8')));
    expect(written).toMatchObject({ format: 'caravan.invitation', version: 1, invitation: { name: 'pop-up' } });
    expect(statSync(file('retail-pop-up.invitation.json')).mode & 0o777).toBe(0o600);
    const [{ body } = { body: undefined }] = sent('createInvitationCredential');
    const { csr } = body as { csr: string };
    const own = createPublicKey(createPrivateKey(written.certificate.key)).export({ type: 'spki', format: 'der' });
    expect(Buffer.from(csr.replace(/-----.*-----|\n/g, ''), 'base64').includes(own)).toBe(true);
    expect(JSON.stringify(api.seen)).not.toContain('PRIVATE KEY');
  });

  it('says what whoever joins has to say, and that somebody decides', async () => {
    const asks = ['--ask', 'contact=Whom shall we call?', '--ask', 'floor:number?'];
    const { code } = await desk.shell.here(['invite', 'retail', 'pop-up', '--approval', '--interactive', ...asks]);
    expect(code).toBe(0);
    expect(sent('createInvitation')[0]?.body).toMatchObject({
      approval: true,
      interactive: true,
      asks: [
        { type: 'text', name: 'contact', about: 'Whom shall we call?', required: true },
        { type: 'number', name: 'floor', about: '', required: false },
      ],
    });
    const written = JSON.parse(readFileSync(file('retail-pop-up.invitation.json'), 'utf8')) as InvitationFile;
    expect(written.invitation).toMatchObject({ interactive: true, asks: [{ name: 'contact' }, { name: 'floor' }] });
    expect(await caravan('approve claim store-2')).toMatchObject({ code: 0, stdout: 'claim/store-2 approved\n' });
    expect(await caravan('invite retail other --ask Contact')).toMatchObject({ code: 2 });
  });

  it('needs no network where there is only one, and takes times as durations', async () => {
    expect(await caravan('invite pop-up --for 2h --limit none')).toMatchObject({ code: 0 });
    expect(sent('createInvitation')[0]?.body).toMatchObject({
      deadline: '2026-11-20T14:00:00.000Z',
      instanceLimit: null,
    });
  });

  it('finds access points by name on the backbone of the network', async () => {
    const line = `invite retail pop-up ${DEADLINE} --claim-access-point east/claim --member-access-point west,east`;
    expect(await caravan(line)).toMatchObject({ code: 1, stderr: expect.stringContaining('access-point "west"') });
    expect(await caravan(line.replace('west,east', 'west/member,east/member'))).toMatchObject({ code: 0 });
    expect(sent('createInvitation')[0]?.body).toMatchObject({
      claimAccessPoints: [ids.eastClaim],
      memberAccessPoints: [ids.westMember, ids.eastMember],
    });
  });

  it('waits while the certificate is being signed, with one key and one request', async () => {
    api.pending = 2;
    const { code, stderr } = await caravan(`invite retail pop-up ${DEADLINE}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('is being signed') });
    const requests = sent('createInvitationCredential');
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ body, idempotencyKey }) => JSON.stringify([body, idempotencyKey]))).size).toBe(1);
    expect(sent('createInvitation')).toHaveLength(1);
  });

  it('downloads another file for an invitation that exists, and creates none', async () => {
    expect(await caravan('invite --download retail store --out other.json')).toMatchObject({ code: 0 });
    expect(await caravan(`invite --download ${ids.store} --out by-id.json`)).toMatchObject({ code: 0 });
    expect(sent('createInvitation')).toEqual([]);
    const [one, other] = ['other.json', 'by-id.json'].map((name) => readFileSync(file(name), 'utf8'));
    expect(one).not.toBe(other);
  });

  it('refuses terms for an invitation that exists', async () => {
    expect(await caravan('invite --download retail store --limit 7')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave --limit out'),
    });
  });

  it('writes over no file, and creates no invitation then', async () => {
    writeFileSync(file('keep.json'), 'a key that may be the only one');
    const ended = await caravan(`invite retail pop-up ${DEADLINE} --out keep.json`);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('[cli.file-exists]') });
    expect(readFileSync(file('keep.json'), 'utf8')).toBe('a key that may be the only one');
    expect(sent('createInvitation')).toEqual([]);
  });

  it('leaves no file when it is refused, and says how to go on', async () => {
    const ended = await caravan('invite retail store');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('[invitation.name-taken]') });
    expect(ended.stderr).toContain('caravan invite --download');
    expect(existsSync(file('retail-store.invitation.json'))).toBe(false);
  });

  it('creates no invitation when its file cannot be written, says which and why, and leaves none', async () => {
    const { code, stderr } = await desk.shell.run(['invite', 'retail', 'pop-up', '--out', 'p.json'], { noFiles: true });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[file.efbig]') });
    expect(stderr).toContain(`${file('p.json')} cannot be used: it would be larger than a file may be here`);
    expect(sent('createInvitation')).toEqual([]);
    expect(existsSync(file('p.json'))).toBe(false);
    // Control: the same with room for it.
    expect(await desk.shell.run(['invite', 'retail', 'pop-up', '--out', 'p.json'])).toMatchObject({ code: 0 });
    expect(statSync(file('p.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['nowhere/p.json', `${'x'.repeat(300)}.json`])(
    'creates no invitation for a file that cannot be: %s',
    async (out) => {
      const { code, stderr } = await caravan(`invite retail pop-up --out ${out}`);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/\[file\.(enoent|enametoolong)\]/) });
      expect(stderr).toContain(out);
      expect(sent('createInvitation')).toEqual([]);
    },
  );

  it('that was created and got no certificate names the command that fetches it: the same one would find the name taken', async () => {
    const detail =
      'The certificate is not signed yet; is cert-service running? Send the same request again in a moment.';
    // Not `certificate.pending`, for which it waits a minute.
    api.refusing = { createInvitationCredential: { status: 503, code: 'service.unavailable', detail } };
    const { code, stderr } = await caravan(`invite retail pop-up ${DEADLINE} --out p.json`);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[service.unavailable]') });
    expect(stderr).toContain('The invitation pop-up was created, but its file was not made: The certificate');
    expect(stderr).toContain('try: caravan invite --download retail pop-up --out p.json makes the file, now or later');
    expect(stderr).not.toContain('same request');
    expect(existsSync(file('p.json'))).toBe(false);
    api.refusing = {};
    expect((await caravan('invite --download retail pop-up --out p.json')).code).toBe(0);
  });

  it('says so when standard output takes no more', async () => {
    const stdoutTo = openSync('/dev/full', 'w');
    const { code, stderr } = await desk.shell.run(['get', 'networks', '-o', 'json'], { stdoutTo });
    closeSync(stdoutTo);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[file.enospc]') });
    expect(stderr).toContain('standard output cannot be used: there is no space left');
    expect(stderr).not.toContain('node:');
  });

  it('prints the file alone to stdout when asked', async () => {
    const { stdout } = await caravan(`invite retail pop-up ${DEADLINE} --out -`);
    expect(siteFileSchema.safeParse(JSON.parse(stdout)).success).toBe(true);
  });

  it('says where the file is as json', async () => {
    const { stdout } = await caravan(`invite retail pop-up ${DEADLINE} -o json`);
    expect(JSON.parse(stdout)).toMatchObject({
      file: file('retail-pop-up.invitation.json'),
      invitation: { name: 'pop-up', networkId: ids.retail },
    });
  });
});

describe('bundle', () => {
  it('asks for none when its file cannot be written', async () => {
    const { code, stderr } = await desk.shell.run(['bundle', 'west', '--out', 'w.json'], { noFiles: true });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(file('w.json')) });
    expect(sent('createBundle')).toEqual([]);
    expect(existsSync(file('w.json'))).toBe(false);
  });

  it('that was not made names the command that makes it', async () => {
    api.refusing = { createBundle: { status: 503, code: 'service.unavailable', detail: 'Not now.' } };
    const { stderr } = await caravan('bundle west');
    expect(stderr).toContain('try: caravan bundle west --backbone demo makes the file');
    expect(existsSync(file('demo-west.bundle.json'))).toBe(false);
  });

  it('writes the file of a backbone site', async () => {
    const { code, stdout } = await caravan('bundle west');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('caravan join demo-west.bundle.json'),
    });
    const written = siteFileSchema.parse(JSON.parse(readFileSync(file('demo-west.bundle.json'), 'utf8')));
    expect(written).toMatchObject({ format: 'caravan.bundle', site: { id: ids.west, backboneName: 'demo' } });
    expect(statSync(file('demo-west.bundle.json')).mode & 0o777).toBe(0o600);
  });
});
