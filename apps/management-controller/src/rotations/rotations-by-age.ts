import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, derivedId, installationOwnerId, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { watchMetadata } from '../deciding/metadata.js';
import { Directory } from '../directory/directory.js';
import { DirectoryFold } from '../directory/directory.module.js';
import { INSTALLATION } from '../installation.js';
import { dueByAge, isInstallationDue, isOutgrown } from './by-age.js';
import type { DueRotation } from './by-age.js';

/** Authorities last for years; but a network that was extended while it was rotated already is to be rotated again. */
const LOOK_EVERY_MS = 60_000;
/** Nobody looks on: so long those are waited for that are away. */
const PATIENCE_SECONDS = 7 * 86_400;

/** Begins the rotations of authorities that have grown old, or that their network outgrew. Any number of replicas may: an owner's rotations are one stream. */
@Injectable()
export class RotationsByAge {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: Directory,
    @Inject(DirectoryFold) fold: Pick<DirectoryFold, 'lookAgain'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
    @Inject(INSTALLATION) private readonly installation: string,
  ) {
    fold.lookAgain(() => this.look(), LOOK_EVERY_MS);
  }

  /** What fails now is done at the next look. */
  async look(): Promise<void> {
    const now = this.clock.now();
    for (const due of [...this.#installation(now), ...dueByAge(this.directory, now)]) {
      if (this.directory.rotations.of(due.ownerId)) continue; // it is being done
      await this.#begin(due, now);
    }
  }

  /**
   * Begins what a network needs whose window is another now. Resolves with whether its authorities are being replaced: then claim
   * certificates of before are worth nothing in the end.
   */
  async follow(networkId: string): Promise<boolean> {
    const now = this.clock.now();
    const network = this.directory.networks.get(networkId);
    const isUnderWay = this.directory.rotations.of(networkId) !== undefined;
    if (!network || !isOutgrown(network, now)) return isUnderWay;
    // What runs is followed by another, and what is not begun now by a look.
    const due = isUnderWay ? undefined : dueByAge(this.directory, now).find(({ ownerId }) => ownerId === networkId);
    if (due) await this.#begin(due, now);
    return true;
  }

  #installation(now: Date): DueRotation[] {
    const ownerId = installationOwnerId(this.installation);
    const old = isInstallationDue(this.directory, ownerId, now);
    return old ? [{ ownerId, owner: { kind: 'installation' }, ordinal: old.ordinal, cause: 'age' }] : [];
  }

  async #begin({ ownerId, owner, ordinal, cause }: DueRotation, now: Date): Promise<void> {
    const what = [`rotation by ${cause}`, ownerId, String(ordinal)] as const;
    const rotationId = derivedId(...what);
    const begin = {
      type: 'BeginRotation',
      ownerId,
      rotationId,
      owner,
      cause,
      patienceSeconds: PATIENCE_SECONDS,
    } as const;
    try {
      await this.deciders.rotation({ ...begin, metadata: watchMetadata([...what], now) });
      this.service.log.info({ rotationId, cause, ...owner }, 'authorities are replaced; their rotation begins');
    } catch (error) {
      this.service.log.warn({ err: error, ...owner }, 'a rotation that is due was not begun; it is looked at again');
    }
  }
}
