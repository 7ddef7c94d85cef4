import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { RotationAdvanced, RotationBegun, RotationFinished } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { NotYet } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import { installationOwnerId, Recorded } from '@caravan/platform';
import { Authorities } from '../authorities/authorities.js';
import { CredentialKeeper } from '../credentials/credential-keeper.js';

const CHANGING = [RotationBegun, RotationAdvanced, RotationFinished] as const;

/** They are made within milliseconds, where no administrator has to bring one. */
const AGAIN_AFTER_MS = 500;

/** Credentials follow the rotation of the installation, each phase of it. What they are to be is read from the log: an event only says when. */
@Controller()
export class InstallationReaction {
  constructor(
    @Inject(Authorities) private readonly authorities: Authorities,
    @Inject(CredentialKeeper) private readonly keeper: CredentialKeeper,
  ) {}

  @EventPattern(CHANGING.map(({ type }) => type), { reaction: 'installation' })
  async changed(@Recorded() event: RecordedEvent<EventOf<(typeof CHANGING)[number]>>): Promise<void> {
    if (event.data.ownerId !== installationOwnerId(this.authorities.root.installation)) return;
    if (!(await this.keeper.keep())) throw new NotYet('the next authorities are not established yet', AGAIN_AFTER_MS);
  }
}
