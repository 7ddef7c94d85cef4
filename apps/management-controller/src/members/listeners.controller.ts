import { Controller } from '@nestjs/common';
import { changeListener, createListener, deleteListener, getListener, listListeners } from '@caravan/api';
import type { Listener } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { endpointChanges, endpointResource, newEndpoint, requireMember } from './endpoints.js';

@Controller()
export class ListenersController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(createListener)
  async create(@TheCall() { params, body, metadata, idFor }: Call<typeof createListener>) {
    const { memberId } = await requireMember(this.readModels, params);
    const listenerId = idFor('listener');
    const { position } = await this.deciders.member({
      type: 'OpenListener',
      memberId,
      listenerId,
      ...newEndpoint(body),
      metadata,
    });
    return new Written(position, () => this.read({ ...params, listenerId }));
  }

  @Handle(listListeners)
  async list(@TheCall() { params, query }: Call<typeof listListeners>) {
    const { items, next } = await this.readModels.listeners.page(params, query);
    return { items: items.map(endpointResource), next };
  }

  @Handle(getListener)
  get(@TheCall() { params }: Call<typeof getListener>) {
    return this.read(params);
  }

  @Handle(changeListener)
  async change(@TheCall() { params, body, metadata }: Call<typeof changeListener>) {
    const { memberId } = await requireMember(this.readModels, params);
    const { listenerId } = params;
    const changes = endpointChanges(body);
    const { position } = await this.deciders.member({
      type: 'ChangeListener',
      memberId,
      listenerId,
      ...changes,
      metadata,
    });
    return new Written(position, () => this.read(params));
  }

  @Handle(deleteListener)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteListener>) {
    const { memberId } = await requireMember(this.readModels, params);
    const { listenerId } = params;
    const { position } = await this.deciders.member({ type: 'CloseListener', memberId, listenerId, metadata });
    return new Written(position);
  }

  private async read({
    listenerId,
    ...member
  }: Record<'networkId' | 'memberId' | 'listenerId', string>): Promise<Listener> {
    const row = await this.readModels.listeners.find({ id: listenerId, ...member });
    if (!row) throw new Rejection('listener.unknown', { listenerId });
    return endpointResource(row);
  }
}
