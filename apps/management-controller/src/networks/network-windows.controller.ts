import { Controller, Inject } from '@nestjs/common';
import { changeNetwork, endNetwork } from '@caravan/api';
import type { Network } from '@caravan/api';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { step } from '../deciding/metadata.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { ReadModels } from '../read-models/read-models.js';
import { RotationsByAge } from '../rotations/rotations-by-age.js';
import { readNetwork, wholeSecond } from './network-resource.js';

/** When a network is: extended, shortened, moved, suspended, resumed, ended. */
@Controller()
export class NetworkWindowsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly rotations: RotationsByAge,
    @Inject(CurrentDirectory) private readonly directory: Pick<CurrentDirectory, 'now'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What its authorities are too short for begins with the same request, and is found by a look if we die. */
  @Handle(changeNetwork)
  async change(@TheCall() { params: { networkId }, body, metadata }: Call<typeof changeNetwork>) {
    let position = 0;
    const { deleteAfterSeconds } = body;
    if ([body.startsAt, body.endsAt, deleteAfterSeconds].some((each) => each !== undefined)) {
      const startsAt = body.startsAt === undefined ? undefined : wholeSecond(new Date(body.startsAt));
      const endsAt = typeof body.endsAt === 'string' ? wholeSecond(new Date(body.endsAt)) : body.endsAt;
      const term = { startsAt, endsAt, deleteAfterSeconds };
      ({ position } = await this.deciders.network({ type: 'RescheduleNetwork', networkId, ...term, metadata }));
    }
    if (body.suspended !== undefined) {
      const type = body.suspended ? 'SuspendNetwork' : 'ResumeNetwork';
      ({ position } = await this.deciders.network({ type, networkId, metadata: step(metadata, type) }));
    }
    await this.directory.now(); // what was decided right now is in it
    const invitationsAnew = await this.rotations.follow(networkId);
    return new Written(position, async () => ({ ...(await this.read(networkId)), invitationsAnew }));
  }

  @Handle(endNetwork)
  async end(@TheCall() { params: { networkId }, metadata }: Call<typeof endNetwork>) {
    const { position } = await this.deciders.network({ type: 'EndNetwork', networkId, metadata });
    return new Written(position, () => this.read(networkId));
  }

  private read(networkId: string): Promise<Network> {
    return readNetwork(this.readModels, networkId, this.clock.now());
  }
}
