import { Controller, Inject } from '@nestjs/common';
import { createNetwork, deleteNetwork, getNetwork, listNetworks } from '@caravan/api';
import type { Network } from '@caravan/api';
import { DELETE_AFTER_SECONDS, NetworkPlaced } from '@caravan/events';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { IsNull } from 'typeorm';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { step } from '../deciding/metadata.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { readNetwork, resourcesOf, wholeSecond } from './network-resource.js';
import { NetworkTeardown } from './network-teardown.js';

@Controller()
export class NetworksController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly teardown: NetworkTeardown,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Its name is decided on the backbone's stream; then its own stream opens. The opening reaction does the second, if we die. */
  @Handle(createNetwork)
  async create(@TheCall() { body: { backboneId, name, ...time }, metadata, idFor }: Call<typeof createNetwork>) {
    const startsAt = wholeSecond(time.startsAt ? new Date(time.startsAt) : metadata.now);
    const endsAt = time.endsAt ? wholeSecond(new Date(time.endsAt)) : null;
    const { deleteAfterSeconds = DELETE_AFTER_SECONDS } = time;
    const terms = { backboneId, networkId: idFor('network'), name, startsAt, endsAt, deleteAfterSeconds };
    const { events } = await this.deciders.backbone({ type: 'PlaceNetwork', ...terms, metadata });
    // What the same request decided the first time: this one may have come later, and would begin later.
    const placed = events.find((event) => event.type === NetworkPlaced.type)?.data ?? terms;
    const opened = step(metadata, 'open network');
    const { position } = await this.deciders.network({ type: 'CreateNetwork', ...placed, metadata: opened });
    return new Written(position, () => this.read(terms.networkId));
  }

  @Handle(listNetworks)
  async list(@TheCall() { query: { deleted, ...page } }: Call<typeof listNetworks>) {
    const where = deleted === 'included' ? {} : { deletedAt: IsNull() };
    const { items, next } = await this.readModels.networks.page(where, page);
    return { items: await resourcesOf(this.readModels, items, this.clock.now()), next };
  }

  @Handle(getNetwork)
  get(@TheCall() { params }: Call<typeof getNetwork>) {
    return this.read(params.networkId);
  }

  /** With an answer nothing is left of it, unless somebody who claimed just now is still being admitted. */
  @Handle(deleteNetwork)
  async delete(@TheCall() { params: { networkId }, metadata }: Call<typeof deleteNetwork>) {
    const { position } = await this.deciders.network({ type: 'DeleteNetwork', networkId, metadata });
    return new Written(Math.max(position, await this.teardown.of(networkId)));
  }

  private read(networkId: string): Promise<Network> {
    return readNetwork(this.readModels, networkId, this.clock.now());
  }
}
