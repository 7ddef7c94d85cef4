import { describe, expect, it } from 'vitest';
import {
  MemberCertificateRequested,
  memberStream,
  RotationAdvanced,
  RotationBegun,
  rotationStream,
} from '@caravan/events';
import type { RotationOwner } from '@caravan/events';
import { verifyChain } from '@caravan/pki';
import { newId } from '@caravan/platform';
import { eventually } from '@caravan/testing';
import { CLAIMANT_KEY, csrOf, LONG_AGO, newIds, useInstallation } from '../installation.fixture.js';
import type { Authority, Ids, TestInstallation } from '../installation.fixture.js';

const networkOf = ({ networkId, backboneId }: Ids): RotationOwner => ({
  ...{ kind: 'network', networkId, backboneId, startsAt: LONG_AGO, endsAt: null },
});
const ownerIdOf = (owner: RotationOwner): string =>
  owner.kind === 'network' ? owner.networkId : owner.kind === 'backbone' ? owner.backboneId : newId();

/** A rotation of an owner's authorities, as the management controller decides it. */
class Rotation {
  readonly #of: { readonly ownerId: string; readonly rotationId: string };

  constructor(
    private readonly at: TestInstallation,
    private readonly owner: RotationOwner,
    private readonly ordinal = 2,
  ) {
    this.#of = { ownerId: ownerIdOf(owner), rotationId: newId() };
  }

  begin(): Promise<void> {
    const { owner, ordinal } = this;
    const begun = RotationBegun({ ...this.#of, owner, ordinal, cause: 'requested', patienceSeconds: null });
    return this.at.append(rotationStream(this.#of.ownerId), begun);
  }

  to(phase: 'listeners' | 'diallers' | 'retire'): Promise<void> {
    const { owner, ordinal } = this;
    const seen = { confirmed: 1, without: 0, withoutSites: [] };
    const advanced = RotationAdvanced({ ...this.#of, owner, ordinal, phase, ...seen });
    return this.at.append(rotationStream(this.#of.ownerId), advanced);
  }

  /** Its authorities, once there are as many. */
  established(count: number): Promise<Authority[]> {
    const { ordinal } = this;
    const ours = async () => (await this.at.authorities()).filter((authority) => authority.ordinal === ordinal);
    return eventually(`${count} authorities of ordinal ${ordinal}`, async () => {
      const found = await ours();
      return found.length >= count && found;
    });
  }
}

describe('a rotation', () => {
  const installation = useInstallation();

  it('makes the authorities of a network anew, under the backbone that it stands on', async () => {
    const at = installation();
    await at.init();
    await Promise.all([at.start(), at.start()]);
    const ids = newIds();
    await at.all(ids);
    await at.issued(ids.certificateId);
    const rotation = new Rotation(at, networkOf(ids));
    await rotation.begin();
    const made = await rotation.established(3);
    expect(made.map(({ kind }) => kind).sort()).toEqual(['claim', 'member', 'network']);
    const [root, backbone] = await Promise.all([at.authority('root'), at.authority('backbone')]);
    const network = made.find(({ kind }) => kind === 'network')!;
    const member = made.find(({ kind }) => kind === 'member')!;
    expect(verifyChain(member.certificate, [network.certificate, backbone], [root], new Date()).ok).toBe(true);
    const first = (await at.authorities()).find(({ kind }) => kind === 'member')!;
    expect(member).toMatchObject({ networkId: ids.networkId, backboneId: ids.backboneId });
    expect(member.subject).not.toBe(first.subject);
    // Two replicas, one tree; each of it recorded once.
    expect(await at.commits('caravan.evt.trust.authority.*')).toEqual(Array.from({ length: 7 + 3 }, () => 1));
  });

  it('has them sign once they are trusted everywhere, and the old ones until then', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    const { issuerId: old } = await at.issued(ids.certificateId);
    const rotation = new Rotation(at, networkOf(ids));
    await rotation.begin();
    const member = (await rotation.established(3)).find(({ kind }) => kind === 'member')!;
    const early = newIds({ networkId: ids.networkId, backboneId: ids.backboneId });
    await at.member(early);
    expect((await at.issued(early.certificateId)).issuerId).toBe(old);
    // One right after the other, without waiting for anything.
    await rotation.to('listeners');
    await rotation.to('diallers');
    const certificateId = newId();
    const { memberId, networkId } = ids;
    const renewal = { memberId, networkId, certificateId, ordinal: 2, claimantKey: CLAIMANT_KEY, csr: csrOf() };
    await at.append(memberStream(memberId), MemberCertificateRequested(renewal));
    const renewed = await at.issued(certificateId);
    expect(renewed).toMatchObject({ issuerId: member.authorityId, ordinal: 2, holder: { kind: 'member', memberId } });
    expect(verifyChain(renewed.certificate, [], [member.certificate], new Date()).ok).toBe(true);
    const late = newIds({ networkId: ids.networkId, backboneId: ids.backboneId });
    await at.member(late);
    expect(await at.issued(late.certificateId)).toMatchObject({ issuerId: member.authorityId, ordinal: 1 });
  });

  it('of a backbone makes its two authorities anew; a network made then stands on the new one', async () => {
    const at = installation();
    await at.init();
    await at.start();
    const ids = newIds();
    await at.all(ids);
    await at.issued(ids.certificateId);
    const rotation = new Rotation(at, { kind: 'backbone', backboneId: ids.backboneId });
    await rotation.begin();
    const made = await rotation.established(2);
    expect(made.map(({ kind }) => kind).sort()).toEqual(['backbone', 'infrastructure']);
    await rotation.to('listeners');
    const other = newIds({ backboneId: ids.backboneId });
    await at.network(other);
    await at.member(other);
    const { chain } = await at.issued(other.certificateId);
    expect(chain).toContain(made.find(({ kind }) => kind === 'backbone')!.certificate);
  });
});
