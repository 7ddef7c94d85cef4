import { describe, expect, it } from 'vitest';
import { RotationBegun, RotationFinished, rotationOwnerSchema } from '@caravan/events';
import type { AuthorityKind, Event } from '@caravan/events';
import { established as authority } from '../certificates/certificate.fixture.js';
import { Directory } from '../directory/directory.js';
import { id } from '../example.fixture.js';
import { networkTerms } from '../networks/network.fixture.js';
import { NetworkCreated } from '@caravan/events';
import { belowRoot } from './from-above.js';
import { backboneId, networkId, ofBackbone, ofNetwork } from './rotating.fixture.js';

const now = new Date('2026-03-01T12:00:00.000Z');

/** An authority under another one. */
function under(kind: AuthorityKind, ordinal: number, issuer: readonly [AuthorityKind, number] | null): Event {
  const owner = kind === 'network' || kind === 'member' ? { backboneId, networkId } : { backboneId };
  const event = authority(kind, kind === 'root' ? {} : owner, ordinal);
  const issuerId = issuer && authority(issuer[0], {}, issuer[1]).data.authorityId;
  return { ...event, data: { ...event.data, issuerId } };
}
const tree = (ordinal: number, { root = ordinal, backbone = ordinal } = {}): Event[] => [
  under('backbone', ordinal, ['root', root]),
  under('infrastructure', ordinal, ['backbone', ordinal]),
  under('network', ordinal, ['backbone', backbone]),
  under('member', ordinal, ['network', ordinal]),
];
const roots = [under('root', 1, null), under('root', 2, null)];
const network = (endsAt: string | null = null) => NetworkCreated({ ...networkTerms, endsAt });
const of = (ownerId: string) => ({ ownerId, rotationId: id(`rotation of ${ownerId}`) });
const begun = (owner: typeof ofNetwork, ownerId: string) =>
  RotationBegun({ ...of(ownerId), owner, ordinal: 2, cause: 'above', patienceSeconds: null });
const finished = (ownerId: string) =>
  RotationFinished({ ...of(ownerId), ordinal: 2, confirmed: 1, without: 0, withoutSites: [] });

const below = (...events: Event[]) => {
  const directory = new Directory();
  for (const event of [...roots, network(), ...tree(1), ...events]) directory.apply(event);
  const { due, unfinished } = belowRoot(directory, 2, now);
  for (const { owner } of due) expect(rotationOwnerSchema.parse(owner)).toEqual(owner); // which the log takes, and nothing more
  return { due: due.map(({ ownerId }) => ownerId), unfinished };
};
const [backboneTree, networkTree] = [tree(2).slice(0, 2), tree(2).slice(2)];

describe('below a new root', () => {
  it('backbones are replaced first, then the networks on each, and then nothing is left', () => {
    expect(below()).toEqual({ due: [backboneId], unfinished: [`member/${networkId}`] });
    const onItsWay = [begun(ofBackbone, backboneId), ...backboneTree];
    expect(below(...onItsWay)).toEqual({
      due: [],
      unfinished: [`infrastructure/${backboneId}`, `member/${networkId}`],
    });
    const done = [...onItsWay, finished(backboneId)];
    expect(below(...done)).toEqual({ due: [networkId], unfinished: [] });
    const last = [...done, begun(ofNetwork, networkId), ...networkTree];
    expect(below(...last)).toEqual({ due: [], unfinished: [`member/${networkId}`] });
    expect(below(...last, finished(networkId))).toEqual({ due: [], unfinished: [] });
  });

  it('a network counts that was replaced before its backbone was: it stands under the old one still', () => {
    const early = tree(2, { backbone: 1 }).slice(2);
    expect(below(...early, ...backboneTree).due).toEqual([networkId]);
  });

  it('a network that is over is left as it is', () => {
    expect(below(...backboneTree, network('2026-02-01T00:00:00.000Z'))).toEqual({ due: [], unfinished: [] });
  });

  it('nothing is replaced that stands under it already', () => {
    expect(below(...tree(2))).toEqual({ due: [], unfinished: [] });
  });
});
