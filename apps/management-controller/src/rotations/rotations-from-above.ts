import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, derivedId, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import { belowRoot } from './from-above.js';
import type { RunningRotation } from './running-rotations.js';

const LOOK_EVERY_MS = 1_000;

/** A rotation of the installation begins those of backbones, and of the networks on them, one after the other. Any number of replicas may. */
@Injectable()
export class RotationsFromAbove {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: Directory,
    @Inject(DirectoryFold) fold: Pick<DirectoryFold, 'lookAgain'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {
    fold.lookAgain(() => this.look(), LOOK_EVERY_MS);
  }

  /** What fails now is done at the next look. */
  async look(): Promise<void> {
    for (const rotation of this.directory.rotations.values()) {
      if (rotation.owner.kind === 'installation' && rotation.phase === 'diallers' && !rotation.isPaused) {
        await this.#below(rotation);
      }
    }
  }

  async #below({ rotationId: above, ordinal, patienceSeconds }: RunningRotation): Promise<void> {
    const now = this.clock.now();
    for (const { ownerId, owner } of belowRoot(this.directory, ordinal, now).due) {
      const what = ['rotation from above', above, ownerId] as const;
      const rotationId = derivedId(...what);
      const begin = { type: 'BeginRotation', ownerId, rotationId, owner, cause: 'above', patienceSeconds } as const;
      try {
        await this.deciders.rotation({ ...begin, metadata: watchMetadata([...what], now) });
        this.service.log.info({ rotationId, above, ...owner }, 'what stands below a new root is rotated');
      } catch (error) {
        this.service.log.warn({ err: error, ...owner }, 'a rotation was not begun; it is looked at again');
      }
    }
  }
}
