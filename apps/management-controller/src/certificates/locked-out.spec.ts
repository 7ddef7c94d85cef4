import { describe, expect, it } from 'vitest';
import { CertificateIssued, RotationAdvanced, RotationBegun } from '@caravan/events';
import type { RotationOwner, RotationPhase } from '@caravan/events';
import { CurrentDirectory } from '../directory/current-directory.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { memberId, networkId } from '../members/member.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { established, ofBackbone, ofInstallation, ofNetwork, ownerIdOf } from '../rotations/rotating.fixture.js';
import { issued } from './certificate.fixture.js';
import { LockedOut } from './locked-out.js';

const NOW = new Date('2026-06-01T00:00:00.000Z');
/** Behind what is on record of the member below. */
const POSITION = 3;

/** What a rotation of the owner comes to, from the position that the certificate has on. */
function rotated(owner: RotationOwner, ...phases: Exclude<RotationPhase, 'trust'>[]) {
  const of = { ownerId: ownerIdOf(owner), rotationId: id('rotation'), owner, ordinal: 2 };
  const seen = { confirmed: 1, without: 1, withoutSites: [memberId] };
  const begun = RotationBegun({ ...of, cause: 'requested', patienceSeconds: 0 });
  return [begun, ...phases.map((phase) => RotationAdvanced({ ...of, phase, ...seen }))];
}

/** A member's certificate, signed by the authority of this ordinal, then these rotations. */
async function isLockedOut(
  events: ReturnType<typeof rotated>,
  { ordinal = 1, at = NOW, position = POSITION, isCurrent = true } = {},
) {
  const authority = established('member', ordinal);
  const { data } = issued(id('own'));
  const holder = { kind: 'member', memberId, networkId } as const;
  const certificate = CertificateIssued({ ...data, holder, issuerId: authority.data.authorityId });
  const readModels = readModelsOf(authority, certificate);
  const directory = new Directory();
  const catchUp = async () => {
    for (const [index, event] of events.entries()) directory.apply({ ...event, position: position + index, at: '' });
    return isCurrent;
  };
  const row = await readModels.certificates.find({ id: id('own') });
  return new LockedOut(readModels, directory, new CurrentDirectory(directory, { catchUp })).holdsNow(row!, at);
}

describe('the holder of a certificate', () => {
  it('is let in by it until it is over', async () => {
    expect(await isLockedOut([])).toBe(false);
    expect(await isLockedOut([], { at: new Date('2027-01-01T00:00:00.000Z') })).toBe(true);
  });

  it('is not said to be let in while what is in the log is not known', async () => {
    await expect(isLockedOut([], { isCurrent: false })).rejects.toMatchObject({ code: 'directory.behind' });
  });

  it.each([
    ['its network', ofNetwork],
    ['its backbone', ofBackbone],
    ['the installation', ofInstallation],
  ])(
    'may know nobody any more once others are in use above %s; it knows them while they are only trusted',
    async (_, owner) => {
      expect(await isLockedOut(rotated(owner))).toBe(false);
      expect(await isLockedOut(rotated(owner, 'listeners'))).toBe(true);
      expect(await isLockedOut(rotated(owner, 'listeners', 'diallers', 'retire'))).toBe(true);
    },
  );

  it('that was issued behind that knows them, and is let in until its own authority is retired', async () => {
    const before = { position: 0 };
    expect(await isLockedOut(rotated(ofNetwork, 'listeners', 'diallers'), before)).toBe(false);
    expect(await isLockedOut(rotated(ofNetwork, 'listeners', 'diallers', 'retire'), before)).toBe(true);
    expect(await isLockedOut(rotated(ofNetwork, 'listeners', 'diallers', 'retire'), { ...before, ordinal: 2 })).toBe(
      false,
    );
  });

  it('has nothing to do with rotations of others', async () => {
    const others = {
      kind: 'network',
      networkId: id('other'),
      backboneId: id('b'),
      startsAt: '',
      endsAt: null,
    } as const;
    expect(await isLockedOut(rotated(others, 'listeners', 'diallers', 'retire'))).toBe(false);
  });
});
