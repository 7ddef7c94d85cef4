import { describe, expect, it } from 'vitest';
import { NetworkDeleted, rotationStream } from '@caravan/events';
import type { EventOf, RotationAdvanced } from '@caravan/events';
import {
  backboneId,
  established,
  memberId,
  networkId,
  north,
  ofBackbone,
  ofInstallation,
  Rotating,
} from './rotating.fixture.js';

const waiting = { state: 'waiting', detail: 'it was asked for and is not signed yet' } as const;
const events = async ({ store, about }: Rotating) => (await store.read(rotationStream(about.ownerId))).events;

describe('the rotation of the installation', () => {
  it('waits for sites and for what is no site, whatever patience was given', async () => {
    const rotating = (await new Rotating(ofInstallation).begin(0)).establish();
    for (const site of [north, memberId]) rotating.says(site);
    rotating.others = [{ what: 'nats-server', detail: 'does not accept the next' }];
    expect((await rotating.look(3)).phase).toBe('trust');
    expect(await rotating.advancing.progressOf({ ownerId: rotating.about.ownerId, id: rotating.rotationId })).toEqual({
      concerned: 2,
      waitingFor: [],
      alsoWaitingFor: rotating.others,
    });
    rotating.others = [];
    expect((await rotating.look()).phase).toBe('listeners');
    rotating.others = [{ what: 'nats-server', detail: 'shows the one before' }];
    expect((await rotating.look(3)).phase).toBe('listeners');
    rotating.others = [];
    expect((await rotating.look(3)).phase).toBe('finished');
  });

  it('does not go on before its management authority is in the log, and its root does not suffice', async () => {
    const rotating = await new Rotating(ofInstallation).begin();
    for (const site of [north, memberId]) rotating.says(site);
    rotating.directory.apply({ ...established('root', 2), position: 50 });
    expect((await rotating.look(2)).phase).toBe('trust');
    const { alsoWaitingFor } = await rotating.advancing.progressOf({
      ownerId: rotating.about.ownerId,
      id: rotating.rotationId,
    });
    expect(alsoWaitingFor).toEqual([
      { what: 'management authority 2', detail: expect.stringContaining('cert-service init --next') },
    ]);
    rotating.directory.apply({ ...established('management', 2), position: 60 });
    expect((await rotating.look()).phase).toBe('listeners');
  });
});

describe('the rotation of a network', () => {
  it('waits for its authorities', async () => {
    const rotating = await new Rotating().begin();
    rotating.says(north);
    expect((await rotating.look()).phase).toBe('trust');
    const of = { ownerId: rotating.about.ownerId, id: rotating.rotationId };
    const { alsoWaitingFor } = await rotating.advancing.progressOf(of);
    expect(alsoWaitingFor.map(({ what }) => what)).toEqual(['claim authority 2', 'member authority 2']);
    rotating.establish();
    expect((await rotating.look()).phase).not.toBe('trust');
  });

  it('waits for every relay that lets members or claims in, and for those alone', async () => {
    const rotating = (await new Rotating().begin()).establish(90, 95, 100);
    expect((await rotating.look()).phase).toBe('trust');
    rotating.sightings.say(north, 99, rotating.now);
    expect((await rotating.look()).phase).toBe('trust');
    rotating.sightings.say(north, 100, rotating.now, { [`admission/member-${networkId}`]: waiting });
    expect((await rotating.look()).phase).toBe('trust');
    rotating.sightings.say(north, 100, rotating.now, { [`admission/member-other`]: waiting });
    // Nobody else is asked: the other relay has not joined, and access points are certified by their backbone.
    expect((await rotating.look(2)).phase).toBe('diallers');
  });

  it('waits for the certificate of each member, and then for the relays once more', async () => {
    const rotating = (await new Rotating().begin()).establish().says(north);
    rotating.says(memberId, { 'certificate/site': waiting });
    expect((await rotating.look(5)).phase).toBe('diallers');
    rotating.says(memberId);
    expect((await rotating.look()).phase).toBe('retire');
    expect((await rotating.look()).phase).toBe('finished');
    expect((await events(rotating)).map(({ type }) => type)).toEqual([
      'RotationBegun',
      'RotationAdvanced',
      'RotationAdvanced',
      'RotationAdvanced',
      'RotationFinished',
    ]);
    expect((await events(rotating)).at(-1)?.data).toMatchObject({ ordinal: 2, confirmed: 1, without: 0 });
  });

  it('does not take what was said before for what was asked since', async () => {
    const rotating = (await new Rotating().begin()).establish();
    rotating.sightings.say(north, 100, rotating.now);
    rotating.sightings.say(memberId, 1, rotating.now);
    expect((await rotating.look(5)).phase).toBe('diallers');
    rotating.sightings.say(memberId, 3, rotating.now);
    expect((await rotating.look(2)).phase).not.toBe('diallers');
  });

  it('stands still while it is paused', async () => {
    const rotating = (await new Rotating().begin()).establish().says(north).says(memberId);
    await rotating.deciders.rotation({ type: 'PauseRotation', ...rotating.about });
    await rotating.store.settled();
    expect((await rotating.look(5)).phase).toBe('trust');
    await rotating.deciders.rotation({ type: 'ResumeRotation', ...rotating.about });
    await rotating.store.settled();
    expect((await rotating.look(5)).phase).toBe('finished');
  });

  it('is advanced once, however many look', async () => {
    const rotating = (await new Rotating().begin()).establish().says(north).says(memberId);
    const replicas = [rotating.advancing, rotating.replica(), rotating.replica()];
    for (let time = 0; time < 8; time++) {
      await Promise.all(replicas.map((replica) => replica.look()));
      await rotating.store.settled();
    }
    expect(rotating.phase).toBe('finished');
    expect(await events(rotating)).toHaveLength(5);
    expect(rotating.warnings).toEqual([]);
  });

  it('ends when its network does, though nobody says anything', async () => {
    const rotating = await new Rotating().begin();
    rotating.directory.apply(NetworkDeleted({ networkId, backboneId }));
    expect((await rotating.look(5)).phase).toBe('finished');
  });
});

describe('a rotation that is to wait for so long', () => {
  const seconds = async (rotating: Rotating, count: number, meanwhile: () => void) => {
    for (let second = 0; second < count; second++) {
      rotating.now = new Date(rotating.now.getTime() + 1_000);
      meanwhile();
      await rotating.look();
    }
  };
  const begun = async (patienceSeconds: number | null) =>
    (await new Rotating().begin(patienceSeconds)).establish().says(north);

  it('goes on without a member that is away, and names it', async () => {
    const rotating = await begun(60);
    await seconds(rotating, 55, () => rotating.says(north));
    expect(rotating.phase).toBe('diallers');
    await seconds(rotating, 10, () => rotating.says(north));
    expect(rotating.phase).toBe('finished');
    const retired = (await events(rotating)).map(({ data }) => data as EventOf<typeof RotationAdvanced>['data'])[3];
    expect(retired).toMatchObject({ phase: 'retire', confirmed: 0, without: 1, withoutSites: [memberId] });
  });

  it('never goes on without one that is there', async () => {
    const rotating = await begun(0);
    await seconds(rotating, 120, () => {
      rotating.says(north);
      rotating.says(memberId, { 'certificate/site': waiting });
    });
    expect(rotating.phase).toBe('diallers');
  });

  it('does not take an outage of its own for the absence of others', async () => {
    const rotating = await begun(60);
    await rotating.look(5);
    // For ten minutes nobody could be heard.
    rotating.now = new Date(rotating.now.getTime() + 600_000);
    expect((await rotating.look(5)).phase).toBe('diallers');
    await seconds(rotating, 20, () => rotating.says(north));
    expect(rotating.phase).toBe('diallers');
    rotating.says(memberId);
    expect((await rotating.look(5)).phase).toBe('finished');
  });

  it('waits for ever when it is to', async () => {
    const rotating = await begun(null);
    await seconds(rotating, 200, () => rotating.says(north));
    expect(rotating.phase).toBe('diallers');
  });
});

describe('the rotation of a backbone', () => {
  it('waits for everybody who trusts or holds one of its certificates', async () => {
    const rotating = (await new Rotating(ofBackbone).begin()).establish();
    rotating.says(north);
    expect((await rotating.look()).phase).toBe('trust'); // the member dials it
    rotating.says(memberId);
    rotating.says(north, { 'certificate/ap-1': waiting });
    expect((await rotating.look(5)).phase).toBe('listeners');
    rotating.says(north, { 'certificate/site': waiting });
    expect((await rotating.look(5)).phase).toBe('diallers');
    rotating.says(north);
    expect((await rotating.look(5)).phase).toBe('finished');
  });
});
