import type { SyncReply } from '@caravan/events';
import type { Item } from '@caravan/data-plane';
import { DesiredStates } from './desired-state/desired-states.js';
import type { LogEvent } from './model/index.js';
import { example } from './example.fixture.js';
import { id, INSTALLATION, STARTS_AT } from './names.fixture.js';

/** A fold that has taken `events`, one to a commit, from position 1 on. */
export class Folded {
  readonly states = new DesiredStates(INSTALLATION);
  position = 0;
  /** When what is taken is decided. */
  at = STARTS_AT;

  constructor(events: readonly LogEvent[] = example) {
    this.take(...events);
  }

  /** The sites that the events affect. */
  take(...events: LogEvent[]): Set<string> {
    return new Set(events.flatMap((event) => [...this.states.take(event, ++this.position, this.at)]));
  }

  changesSince(siteName: string, revision: number): SyncReply {
    return this.states.changesSince(id(siteName), revision, this.position);
  }

  item(siteName: string, key: string): unknown {
    return this.states.site(id(siteName)).find((each) => `${each.kind}/${each.id}` === key);
  }

  items(siteName: string): Item[] {
    return this.states.site(id(siteName));
  }

  keys(siteName: string): string[] {
    return this.states.site(id(siteName)).map((each) => `${each.kind}/${each.id}`);
  }
}
