import { describe, expect, it } from 'vitest';
import { getRotation, listRotations } from '@caravan/api';
import {
  BackboneCreated,
  INSTALLATION_ISSUERS,
  NetworkCreated,
  NetworkRevoked,
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
  rotationStream,
} from '@caravan/events';
import type { Event } from '@caravan/events';
import { installationOwnerId } from '@caravan/platform';
import { commandMetadata } from '@caravan/testing/specification';
import { site } from '../backbones/backbone.fixture.js';
import { id } from '../example.fixture.js';
import { call } from '../model/picking.fixture.js';
import { backboneId, networkId, networkTerms } from '../networks/network.fixture.js';
import { readModelsOf } from '../read-models/rows.fixture.js';
import { established, north, ofNetwork, Rotating } from './rotating.fixture.js';
import { RotationsController } from './rotations.controller.js';

const rotationId = id('rotation');
const of = { ownerId: networkId, rotationId };
const seen = { confirmed: 2, without: 1, withoutSites: [north] };
const begun = RotationBegun({ ...of, owner: ofNetwork, ordinal: 2, cause: 'requested', patienceSeconds: 60 });
const advanced = (phase: 'listeners' | 'diallers' | 'retire') =>
  RotationAdvanced({ ...of, owner: ofNetwork, ordinal: 2, phase, ...seen });
const finished = RotationFinished({ ...of, ordinal: 2, confirmed: 3, without: 0, withoutSites: [] });
const network = (endsAt: string | null = null) => NetworkCreated({ ...networkTerms, endsAt });
const ready = [network(), established('claim', 1), established('member', 1)];

/** The API after these events, over a rotation whose log is empty. */
function over(...events: Event[]) {
  const rotating = new Rotating();
  const readModels = readModelsOf(...events);
  const clock = { now: () => rotating.now };
  const controller = new RotationsController(
    rotating.deciders,
    readModels,
    rotating.advancing,
    rotating.directory,
    clock,
    'acme',
  );
  const ask = (params: object, body: object = {}) => {
    const query = {};
    const asked = call<object>({ params, body, metadata: commandMetadata({ now: rotating.now }) });
    return { ...asked, query } as never;
  };
  const decided = async (ownerId = networkId) => (await rotating.store.read(rotationStream(ownerId))).events;
  return { rotating, controller, ask, decided };
}

describe('a rotation that is asked for', () => {
  it('is begun for a network, with what its new authorities are made of', async () => {
    const { controller, ask, decided } = over(...ready);
    await controller.ofNetwork(ask({ networkId }, { patienceSeconds: 60 }));
    expect(await decided()).toMatchObject([{ type: 'RotationBegun', data: { owner: ofNetwork, ordinal: 2 } }]);
  });

  it('is begun for the installation', async () => {
    const { controller, ask, decided } = over(established('root', 1), established('management', 1));
    await controller.ofInstallation(ask({}, { patienceSeconds: 60 }));
    expect(await decided(installationOwnerId('acme'))).toMatchObject([
      { type: 'RotationBegun', data: { owner: { kind: 'installation' }, ordinal: 2, patienceSeconds: 60 } },
    ]);
    const empty = over();
    await expect(empty.controller.ofInstallation(empty.ask({}))).rejects.toMatchObject({ code: 'rotation.too-early' });
  });

  it('is begun for a backbone', async () => {
    const { controller, ask, decided } = over(
      BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS }),
      established('infrastructure', 1),
    );
    await controller.ofBackbone(ask({ backboneId }, { patienceSeconds: null }));
    const owner = { kind: 'backbone', backboneId };
    expect(await decided(backboneId)).toMatchObject([{ type: 'RotationBegun', data: { owner, cause: 'requested' } }]);
  });

  it('is refused for what is not there, is over, or has no authorities yet', async () => {
    const asked = { patienceSeconds: null };
    const { controller, ask } = over();
    await expect(controller.ofNetwork(ask({ networkId }, asked))).rejects.toMatchObject({ code: 'network.unknown' });
    await expect(controller.ofBackbone(ask({ backboneId }, asked))).rejects.toMatchObject({ code: 'backbone.unknown' });
    const revoked = over(network(null), NetworkRevoked({ networkId, backboneId }));
    await expect(revoked.controller.ofNetwork(revoked.ask({ networkId }, asked))).rejects.toMatchObject({
      code: 'network.revoked',
    });
    const ended = over(network('2026-02-01T00:00:00.000Z'));
    await expect(ended.controller.ofNetwork(ended.ask({ networkId }, asked))).rejects.toMatchObject({
      code: 'network.ended',
    });
    const early = over(
      network(),
      established('claim', 1),
      BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS }),
    );
    for (const begin of [
      () => early.controller.ofNetwork(early.ask({ networkId }, asked)),
      () => early.controller.ofBackbone(early.ask({ backboneId }, asked)),
    ]) {
      await expect(begin()).rejects.toMatchObject({ code: 'rotation.too-early' });
    }
    expect(await early.decided()).toEqual([]);
  });
});

describe('a rotation as the API shows it', () => {
  const shown = async (...events: Event[]) => {
    const { controller, ask } = over(begun, ...events);
    return getRotation.reply!.parse(await controller.get(ask({ rotationId })));
  };

  it('has a phase, and counts over all phases whom it went on without', async () => {
    expect(await shown()).toMatchObject({
      ownerKind: 'network',
      networkId,
      ordinal: 2,
      status: 'running',
      phase: 'trust',
    });
    expect(await shown(advanced('listeners'), advanced('diallers'))).toMatchObject({
      phase: 'diallers',
      confirmed: 2,
      without: 2,
    });
    expect(await shown(advanced('retire'), finished)).toMatchObject({ status: 'finished', confirmed: 3, without: 1 });
  });

  it('says whether it stands still, and how long it waits', async () => {
    expect((await shown(RotationPaused(of))).status).toBe('paused');
    expect((await shown(RotationPaused(of), RotationResumed(of))).status).toBe('running');
    expect(await shown(RotationPatienceChanged({ ...of, patienceSeconds: null }))).toMatchObject({
      patienceSeconds: null,
    });
  });

  it('names whom it waits for', async () => {
    const { rotating, controller, ask } = over(begun, site('north'));
    await rotating.begin();
    expect(await controller.get(ask({ rotationId }))).toMatchObject({ concerned: 0, waiting: 0, waitingFor: [] });
    rotating.establish();
    const progress = getRotation.reply!.parse(await controller.get(ask({ rotationId })));
    expect(progress).toMatchObject({ concerned: 1, waiting: 1, waitingFor: [{ siteId: north, name: 'north' }] });
  });

  it('is listed, also by network', async () => {
    const { controller, ask } = over(begun);
    const list = async (query: object) =>
      listRotations.reply!.parse(await controller.list({ ...(ask({}) as object), query } as never)).items;
    expect(await list({})).toHaveLength(1);
    expect(await list({ networkId })).toHaveLength(1);
    expect(await list({ networkId: id('other') })).toEqual([]);
  });
});

describe('a rotation that is under way', () => {
  it('is paused, resumed and told how long to wait', async () => {
    const { rotating, controller, ask, decided } = over(begun);
    await rotating.begin();
    await controller.change(ask({ rotationId }, { paused: true }));
    await controller.change(ask({ rotationId }, { paused: false, patienceSeconds: 0 }));
    expect((await decided()).map(({ type }) => type)).toEqual([
      'RotationBegun',
      'RotationPaused',
      'RotationPatienceChanged',
      'RotationResumed',
    ]);
    await expect(controller.change(ask({ rotationId: id('other') }, { paused: true }))).rejects.toMatchObject({
      code: 'rotation.unknown',
    });
  });
});
