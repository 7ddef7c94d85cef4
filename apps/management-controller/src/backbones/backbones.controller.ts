import { Controller } from '@nestjs/common';
import { createBackbone, deleteBackbone, getBackbone, listBackbones, renameBackbone } from '@caravan/api';
import type { Backbone } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import type { BackboneRow } from './backbone.projection.js';
import { BackboneNaming } from './backbone-naming.js';

@Controller()
export class BackbonesController {
  constructor(
    private readonly deciders: Deciders,
    private readonly naming: BackboneNaming,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(createBackbone)
  async create(
    @TheCall()
    { body: { name, ...body }, metadata, idFor }: Call<typeof createBackbone>,
  ) {
    const backboneId = idFor('backbone');
    // The same request again, perhaps long after: the name may be another's by now.
    const { status } = await this.naming.current(backboneId);
    if (status === 'unknown') await this.naming.reserve(name, backboneId, metadata);
    const issuers = { backbone: body.backboneIssuer ?? null, network: body.networkIssuer ?? null };
    const { position } = await this.deciders.backbone({ type: 'CreateBackbone', backboneId, name, issuers, metadata });
    return new Written(position, () => this.read(backboneId));
  }

  @Handle(listBackbones)
  async list(@TheCall() { query }: Call<typeof listBackbones>) {
    const { items, next } = await this.readModels.backbones.page({}, query);
    return { items: await this.resources(items), next };
  }

  @Handle(getBackbone)
  get(@TheCall() { params }: Call<typeof getBackbone>) {
    return this.read(params.backboneId);
  }

  @Handle(renameBackbone)
  async rename(@TheCall() { params: { backboneId }, body: { name }, metadata }: Call<typeof renameBackbone>) {
    const before = await this.naming.current(backboneId);
    if (before.status !== 'active') throw new Rejection('backbone.unknown', { backboneId });
    const { name: earlier, renamings } = before;
    const reservation = await this.naming.lastReservation(earlier);
    if (name !== earlier) await this.naming.reserve(name, backboneId, metadata);
    const command = { type: 'RenameBackbone', backboneId, name, renamings, metadata } as const;
    const { position, events, duplicate } = await this.deciders.backbone(command);
    if (events.length > 0 && !duplicate) await this.naming.release(earlier, backboneId, metadata, reservation);
    return new Written(position, () => this.read(backboneId));
  }

  @Handle(deleteBackbone)
  async delete(@TheCall() { params: { backboneId }, metadata }: Call<typeof deleteBackbone>) {
    const before = await this.naming.current(backboneId);
    const { position } = await this.deciders.backbone({ type: 'DeleteBackbone', backboneId, metadata });
    if (before.status === 'active') await this.naming.release(before.name, backboneId, metadata);
    return new Written(position);
  }

  private async read(backboneId: string): Promise<Backbone> {
    const [resource] = await this.resources([await this.find(backboneId)]);
    return resource as Backbone;
  }

  private async find(backboneId: string): Promise<BackboneRow> {
    const row = await this.readModels.backbones.find({ id: backboneId });
    if (!row) throw new Rejection('backbone.unknown', { backboneId });
    return row;
  }

  private async resources(rows: readonly BackboneRow[]): Promise<Backbone[]> {
    const root = await this.readModels.authorities.find({ kind: 'root' });
    return Promise.all(
      rows.map(async ({ id, name, ready, createdAt }) => {
        const status = ready ? 'ready' : root ? await this.establishing(id) : 'awaiting-root';
        return { id, name, status, createdAt };
      }),
    );
  }

  private async establishing(backboneId: string): Promise<Backbone['status']> {
    const asked = await this.readModels.authorityRequests.find({ kind: 'backbone', backboneId, ordinal: 1 });
    return asked && asked.status !== 'established' ? 'awaiting-certificate' : 'establishing';
  }
}
