import { Controller, Inject } from '@nestjs/common';
import {
  changeRotation,
  getRotation,
  listRotations,
  rotateBackbone,
  rotateInstallation,
  rotateNetwork,
} from '@caravan/api';
import type { Rotation, RotationProgress } from '@caravan/api';
import type { RotationOwner } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { CLOCK, installationOwnerId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { step } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { INSTALLATION } from '../installation.js';
import { requireNetwork } from '../networks/network-resource.js';
import { requireNotEnded } from '../networks/window.js';
import { ReadModels } from '../read-models/read-models.js';
import { withNames } from '../read-models/site-names.js';
import { RotationAdvancing } from './advancing.js';
import type { RotationRow } from './rotation.projection.js';

/** As many as an answer names of those that are waited for. */
const MOST_NAMED = 100;

@Controller()
export class RotationsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly advancing: RotationAdvancing,
    @Inject(Directory) private readonly directory: Pick<Directory, 'managementSites'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {}

  @Handle(rotateNetwork)
  async ofNetwork(@TheCall() { params: { networkId }, body, metadata, idFor }: Call<typeof rotateNetwork>) {
    const network = await requireNetwork(this.readModels, networkId);
    if (network.revokedAt !== null) throw new Rejection('network.revoked', { networkId });
    requireNotEnded(network, this.clock.now());
    if (!network.claimReady || !network.memberReady) throw tooEarly(`the network ${network.name}`);
    const { backboneId, startsAt, endsAt } = network;
    const owner: RotationOwner = { kind: 'network', networkId, backboneId, startsAt, endsAt };
    return this.begin(networkId, owner, idFor('rotation'), body.patienceSeconds, metadata);
  }

  @Handle(rotateBackbone)
  async ofBackbone(@TheCall() { params: { backboneId }, body, metadata, idFor }: Call<typeof rotateBackbone>) {
    const backbone = await this.readModels.backbones.find({ id: backboneId });
    if (!backbone) throw new Rejection('backbone.unknown', { backboneId });
    if (!backbone.ready) throw tooEarly(`the backbone ${backbone.name}`);
    const owner: RotationOwner = { kind: 'backbone', backboneId };
    return this.begin(backboneId, owner, idFor('rotation'), body.patienceSeconds, metadata);
  }

  @Handle(rotateInstallation)
  async ofInstallation(@TheCall() { body, metadata, idFor }: Call<typeof rotateInstallation>) {
    const [management] = await this.readModels.authorities.all({ kind: 'management' });
    if (!management) throw tooEarly('the installation');
    const ownerId = installationOwnerId(this.installation);
    return this.begin(ownerId, { kind: 'installation' }, idFor('rotation'), body.patienceSeconds, metadata);
  }

  @Handle(listRotations)
  async list(@TheCall() { query: { networkId, backboneId, ...page } }: Call<typeof listRotations>) {
    const where = { ...(networkId && { networkId }), ...(backboneId && { backboneId }) };
    const { items, next } = await this.readModels.rotations.page(where, page);
    return { items: items.map(resource), next };
  }

  @Handle(getRotation)
  async get(@TheCall() { params }: Call<typeof getRotation>) {
    return this.progress(await this.find(params.rotationId));
  }

  @Handle(changeRotation)
  async change(@TheCall() { params: { rotationId }, body, metadata }: Call<typeof changeRotation>) {
    const { ownerId } = await this.find(rotationId);
    const of = { ownerId, rotationId };
    let position = 0;
    if (body.patienceSeconds !== undefined) {
      const { patienceSeconds } = body;
      const change = { type: 'ChangeRotationPatience', ...of, patienceSeconds, metadata } as const;
      ({ position } = await this.deciders.rotation(change));
    }
    if (body.paused !== undefined) {
      const type = body.paused ? 'PauseRotation' : 'ResumeRotation';
      ({ position } = await this.deciders.rotation({ type, ...of, metadata: step(metadata, type) }));
    }
    return new Written(position, async () => this.progress(await this.find(rotationId)));
  }

  private async begin(
    ownerId: string,
    owner: RotationOwner,
    rotationId: string,
    patienceSeconds: number | null,
    metadata: CommandMetadata,
  ): Promise<Written<typeof getRotation>> {
    const begin = { type: 'BeginRotation', ownerId, owner, rotationId, cause: 'requested', patienceSeconds } as const;
    const { position } = await this.deciders.rotation({ ...begin, metadata });
    return new Written(position, async () => this.progress(await this.find(rotationId)));
  }

  private async find(rotationId: string): Promise<RotationRow> {
    const row = await this.readModels.rotations.find({ id: rotationId });
    if (!row) throw new Rejection('rotation.unknown', { rotationId });
    return row;
  }

  private async progress(row: RotationRow): Promise<RotationProgress> {
    const { concerned, waitingFor, alsoWaitingFor } = await this.advancing.progressOf(row);
    const naming = { models: this.readModels, directory: this.directory };
    const named = await withNames(waitingFor.slice(0, MOST_NAMED), naming);
    const others = alsoWaitingFor.slice(0, MOST_NAMED);
    return { ...resource(row), concerned, waiting: waitingFor.length, waitingFor: named, alsoWaitingFor: others };
  }
}

const tooEarly = (what: string): Rejection =>
  new Rejection('rotation.too-early', { detail: `${what} has no authorities yet that could be replaced.` });

const resource = ({ createdPosition: _, ownerId: _owner, ...row }: RotationRow): Rotation => row;
