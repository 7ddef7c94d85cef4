import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { Desk } from '../fakes/desk.fixture.js';
import { ids } from '../fakes/world.fixture.js';
import type { Record_ } from '../fakes/world.fixture.js';

const desk = new Desk();
const { api, caravan, sent } = desk;
const claimDoor = () => api.world['access-points']!.find(({ id }) => id === ids.eastClaim) as Record_;
const WAITING = 'No address is known yet; waiting for a site to report one';

describe('invite, where no address to claim at is known', () => {
  const address = { host: '192.0.2.10', port: 7444 };
  beforeEach(() => void Object.assign(claimDoor(), { host: null, port: null }));

  it('leaves no invitation behind and says what to do, wherever else there is an address', async () => {
    api.world['access-points']!.push({ ...claimDoor(), ...address, id: ids.demo, siteId: ids.west });
    Object.assign(claimDoor(), { host: address.host }); // half of one is none
    const line = 'invite retail pop-up --out p.json --claim-access-point east/claim';
    const { code, stderr } = await caravan(line);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[invitation.no-address-yet]') });
    expect(stderr).toContain(`${WAITING}, about 10 s at most …`);
    expect(stderr).toContain('No site could claim: no address is known of east/claim.');
    expect(stderr).toContain('create it again with --host <host> --port <port>');
    expect(stderr).not.toContain('--download');
    expect(sent('createInvitation')).toEqual([]);
    expect(existsSync(path.join(desk.shell.cwd, 'p.json'))).toBe(false);
  });

  it('makes one as soon as sites have reported where to claim and where to link then', async () => {
    const members = api.world['access-points']!.filter(({ kind }) => kind === 'member');
    members.forEach((member) => Object.assign(member, { host: null, port: null }));
    const inviting = caravan('invite retail pop-up');
    const looked = (wanted: string) => sent('listAccessPoints').some(({ query }) => query['kind'] === wanted);
    await eventually('it looks where to claim', () => looked('claim'));
    Object.assign(claimDoor(), address);
    await eventually('it looks where to link', () => looked('member'));
    expect(sent('createInvitation')).toEqual([]);
    members.forEach((member) => Object.assign(member, address));
    expect((await inviting).code).toBe(0);
    expect(sent('createInvitation')).toHaveLength(1);
  });

  it('names the command that revokes one that is there already, before the one that makes its file', async () => {
    const detail = 'No site could claim: no address is known of east/claim.';
    api.refusing = { createInvitationCredential: { status: 409, code: 'invitation.no-address-yet', detail } };
    const { stderr } = await caravan('invite --download retail store');
    expect(stderr).toMatch(
      /try: caravan revoke invitation store --network retail, then[^]*try: caravan invite --download/,
    );
  });
});

describe('bundle, where no way into the site is known', () => {
  const refusal = { status: 409, code: 'bundle.no-address-yet', detail: 'No address is known.' };

  it('says so at once where nobody would report one, and what to do before it is asked for again', async () => {
    Object.assign(claimDoor(), { kind: 'manage' });
    api.refusing = { createBundle: refusal };
    const { code, stderr } = await caravan('bundle east');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[bundle.no-address-yet]') });
    expect(stderr).toMatch(/try: caravan delete access-point[^]*--host[^]*try: caravan bundle east --backbone demo/);
    expect(stderr).not.toMatch(/waiting|SITE_HOST/);
    expect(sent('createBundle')).toHaveLength(1);
  });

  it('waits where the site is to dial another, which may report it', async () => {
    api.refusing = { createBundle: refusal };
    const { code } = await caravan('bundle west', (stderr) => {
      if (stderr.includes(WAITING)) api.refusing = {};
    });
    expect(code).toBe(0);
    const keys = sent('createBundle').map(({ idempotencyKey }) => idempotencyKey);
    expect({ asked: keys.length, once: new Set(keys).size }).toEqual({ asked: 2, once: 1 });
  });

  it('asks for none where there is no way at all', async () => {
    const { code, stderr } = await caravan('bundle east');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[bundle.no-way-in]') });
    expect(stderr).toContain('try: caravan create access-point manage --site east --kind manage');
    expect(sent('createBundle')).toEqual([]);
  });
});
