import { Global, Inject, Injectable, Module } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { RecordedEvent } from '@caravan/event-store';
import { Fold } from '@caravan/event-store/jetstream';
import { halted, lookAt, NATS, SERVICE } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { Directory, directoryEvents } from './directory.js';

/** Keeps the directory up with the log. */
@Injectable()
export class DirectoryFold implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly directory = new Directory();
  readonly #fold: Fold<Directory>;
  readonly #followers: ((events: readonly RecordedEvent[]) => Promise<void>)[] = [];

  constructor(@Inject(NATS) nats: NatsConnection, @Inject(SERVICE) { log, health }: Service) {
    this.#fold = new Fold<Directory>({
      nc: nats,
      name: 'directory',
      types: directoryEvents,
      initial: this.directory,
      evolve: (directory, event) => {
        directory.apply(event);
        return directory;
      },
      changed: async (events) => {
        for (const follow of this.#followers) await follow(events); // each says for itself what went wrong
      },
      problem: (error) => log.warn({ err: error }, 'the directory has trouble reading the log'),
      halted: (error) => {
        this.directory.halted(error.halt);
        log.error({ err: error }, 'the directory halted: who exists is frozen, and nobody is admitted');
      },
      resumed: () => {
        this.directory.halted(undefined);
        log.info('the directory goes on');
      },
    });
    health.watch('directory', () => {
      const status = this.#fold.status;
      if (status.status === 'live') return undefined;
      if (status.status !== 'halted') return 'has not read the whole log yet';
      return halted(status.halt, 'No site is let in that is not connected, and nobody is disconnected who is removed');
    });
    health.followers.add({ name: 'directory', kind: 'fold', look: () => lookAt(this.#fold.status) });
  }

  /** Calls `follow` with what happens from now on, after the directory knows it. */
  follow(follow: (events: readonly RecordedEvent[]) => Promise<void>): void {
    this.#followers.push(follow);
  }

  /** Resolves once it knows everything that was in the log at the start. @throws HaltedError when that will never be. */
  get caughtUp(): Promise<void> {
    return this.#fold.caughtUp;
  }

  /** Resolves once it has caught up or has halted. */
  get begun(): Promise<void> {
    return this.#fold.begun;
  }

  onApplicationBootstrap(): void {
    this.#fold.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#fold.stop();
  }
}

@Global()
@Module({
  providers: [
    DirectoryFold,
    { provide: Directory, inject: [DirectoryFold], useFactory: (fold: DirectoryFold) => fold.directory },
  ],
  exports: [DirectoryFold, Directory],
})
export class DirectoryModule {}
