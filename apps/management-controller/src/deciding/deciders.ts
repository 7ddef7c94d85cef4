import { Inject, Injectable } from '@nestjs/common';
import { handleCommand } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import { EVENT_STORE } from '@caravan/platform';
import { aggregates } from './aggregates.js';
import { MeteredEventStore } from './metered-event-store.js';

/** Every aggregate of this service behind one loop: load, decide, append with compare-and-set. What sites write has a rate. */
@Injectable()
export class Deciders {
  constructor(@Inject(EVENT_STORE) private readonly log: EventStore) {}

  private readonly store: EventStore = new MeteredEventStore(this.log);
  readonly backbone = handleCommand({ store: this.store, ...aggregates.backbone });
  readonly backboneName = handleCommand({ store: this.store, ...aggregates.backboneName });
  readonly backboneSite = handleCommand({ store: this.store, ...aggregates.backboneSite });
  readonly managementSite = handleCommand({ store: this.store, ...aggregates.managementSite });
  readonly network = handleCommand({ store: this.store, ...aggregates.network });
  readonly invitation = handleCommand({ store: this.store, ...aggregates.invitation });
  readonly member = handleCommand({ store: this.store, ...aggregates.member });
  readonly logEntry = handleCommand({ store: this.store, ...aggregates.logEntry });
  readonly revocation = handleCommand({ store: this.store, ...aggregates.revocation });
  readonly authorityCertificate = handleCommand({ store: this.store, ...aggregates.authorityCertificate });
  readonly rotation = handleCommand({ store: this.store, ...aggregates.rotation });
  readonly quarantinedEntry = handleCommand({ store: this.store, ...aggregates.quarantinedEntry });
}
