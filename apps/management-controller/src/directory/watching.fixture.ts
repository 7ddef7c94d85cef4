import type { Event } from '@caravan/events';
import { InMemoryEventStore } from '@caravan/event-store';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { Sightings } from '../reports/sightings.fixture.js';
import type { DirectoryFold } from './directory.module.js';
import { Directory } from './directory.js';
import { Looking } from './looking.js';

/** What looks at what sites report, as Nest makes it. */
type Watcher<T> = new (
  deciders: Deciders,
  sightings: never,
  directory: Directory,
  fold: Pick<DirectoryFold, 'lookAgain'>,
  clock: Clock,
  service: Service,
  ...more: never[]
) => T;

/** The one of a service that was not started: nobody looks but the spec. */
export const notStarted: Pick<DirectoryFold, 'lookAgain'> = {
  lookAgain: (look, everyMs) => new Looking(look, everyMs),
};

/** Everything around a watcher but real servers. */
export class Watching {
  readonly store = new InMemoryEventStore();
  readonly deciders = new Deciders(this.store);
  readonly directory = new Directory();
  readonly sightings = new Sightings();
  readonly warnings: unknown[] = [];
  now = new Date('2026-03-01T12:00:00.000Z');

  constructor(world: readonly Event[]) {
    for (const event of world) this.directory.apply(event);
    this.store.subscribe((event) => this.directory.apply(event));
  }

  protected watcher<T>(of: Watcher<T>, ...more: readonly unknown[]): T {
    const quiet = { info: () => undefined, warn: (fields: unknown) => this.warnings.push(fields) };
    const { deciders, sightings, directory } = this;
    const service = { log: quiet } as unknown as Service;
    return new of(
      deciders,
      sightings as never,
      directory,
      notStarted,
      { now: () => this.now },
      service,
      ...(more as never[]),
    );
  }
}
