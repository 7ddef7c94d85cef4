import { Controller, Inject } from '@nestjs/common';
import { createNetwork, deleteNetwork, getNetwork, listNetworks } from '@caravan/api';
import type { Network } from '@caravan/api';
import { NetworkPlaced } from '@caravan/events';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { step } from '../deciding/metadata.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { readNetwork, resource, wholeSecond } from './network-resource.js';

@Controller()
export class NetworksController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Its name is decided on the backbone's stream; then its own stream opens. The opening reaction does the second, if we die. */
  @Handle(createNetwork)
  async create(@TheCall() { body: { backboneId, name, ...time }, metadata, idFor }: Call<typeof createNetwork>) {
    const startsAt = wholeSecond(time.startsAt ? new Date(time.startsAt) : metadata.now);
    const endsAt = time.endsAt ? wholeSecond(new Date(time.endsAt)) : null;
    const terms = { backboneId, networkId: idFor('network'), name, startsAt, endsAt };
    const { events } = await this.deciders.backbone({ type: 'PlaceNetwork', ...terms, metadata });
    // What the same request decided the first time: this one may have come later, and would begin later.
    const placed = events.find((event) => event.type === NetworkPlaced.type)?.data ?? terms;
    const opened = step(metadata, 'open network');
    const { position } = await this.deciders.network({ type: 'CreateNetwork', ...placed, metadata: opened });
    return new Written(position, () => this.read(terms.networkId));
  }

  @Handle(listNetworks)
  async list(@TheCall() { query }: Call<typeof listNetworks>) {
    const { items, next } = await this.readModels.networks.page({}, query);
    const now = this.clock.now();
    return { items: items.map((row) => resource(row, now)), next };
  }

  @Handle(getNetwork)
  get(@TheCall() { params }: Call<typeof getNetwork>) {
    return this.read(params.networkId);
  }

  @Handle(deleteNetwork)
  async delete(@TheCall() { params: { networkId }, metadata }: Call<typeof deleteNetwork>) {
    const row = await this.readModels.networks.find({ id: networkId }); // none: unknown, or the same request again
    const { position } = await this.deciders.network({ type: 'DeleteNetwork', networkId, metadata });
    const freed = step(metadata, 'withdraw network');
    if (row)
      await this.deciders.backbone({ type: 'WithdrawNetwork', backboneId: row.backboneId, networkId, metadata: freed });
    return new Written(position);
  }

  private read(networkId: string): Promise<Network> {
    return readNetwork(this.readModels, networkId, this.clock.now());
  }
}
