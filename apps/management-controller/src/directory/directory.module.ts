import { Global, Inject, Injectable, Module } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { RecordedEvent } from '@caravan/event-store';
import { Fold, HaltedError, viewLog } from '@caravan/event-store/jetstream';
import { halted, lookAt, NATS, SERVICE } from '@caravan/platform';
import type { Log, Service } from '@caravan/platform';
import { CurrentDirectory } from './current-directory.js';
import type { Follows } from './current-directory.js';
import { Directory } from './directory.js';
import { directoryEvents } from './directory-events.js';
import { Looking } from './looking.js';

/**
 * A feed that fell silent is noticed after six to eight seconds, mostly within this. A site waits for ten: where the log itself
 * took its five seconds to say how far it goes, these come too late, the site hears nothing and asks again.
 */
const BEHIND_AT_MOST_MS = 7_000;
const WORTH_TELLING_MS = 500;

/** Keeps the directory up with the log. */
@Injectable()
export class DirectoryFold implements Follows, OnApplicationBootstrap, OnApplicationShutdown {
  readonly directory = new Directory();
  readonly #fold: Fold<Directory>;
  readonly #followers: ((events: readonly RecordedEvent[]) => void)[] = [];
  readonly #looks: Looking[] = [];
  private readonly log: Log;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SERVICE) { log, health }: Service,
  ) {
    this.log = log;
    this.#fold = new Fold<Directory>({
      nc: nats,
      name: 'directory',
      types: directoryEvents,
      initial: this.directory,
      evolve: (directory, event) => {
        directory.apply(event);
        return directory;
      },
      changed: (events) => {
        for (const follow of this.#followers) follow(events);
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

  /** Calls `follow` with what happens from now on, after the directory knows it, and does not wait for what it does. */
  follow(follow: (events: readonly RecordedEvent[]) => void): void {
    this.#followers.push(follow);
  }

  /** Has `look` called again and again from when the directory has begun until the service ends. */
  lookAgain(look: () => Promise<void>, everyMs: number): Pick<Looking, 'isOver'> {
    const looking = new Looking(look, everyMs);
    this.#looks.push(looking);
    return looking;
  }

  /** Resolves once it knows everything that was in the log at the start. @throws HaltedError when that will never be. */
  get caughtUp(): Promise<void> {
    return this.#fold.caughtUp;
  }

  /** Resolves once it has caught up or has halted. */
  get begun(): Promise<void> {
    return this.#fold.begun;
  }

  async catchUp(): Promise<boolean> {
    const started = performance.now();
    const log = await viewLog(this.nats);
    const isThere = await this.#fold.waitFor(log?.end ?? 0, BEHIND_AT_MOST_MS).catch((error: unknown) => {
      if (error instanceof HaltedError) return false; // the directory says so better
      throw error;
    });
    const ms = Math.round(performance.now() - started);
    if (ms > WORTH_TELLING_MS) this.log.info({ ms, isThere, end: log?.end }, 'the directory was behind the log');
    return isThere;
  }

  onApplicationBootstrap(): void {
    this.#fold.start();
    for (const looking of this.#looks) looking.start(this.begun);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#looks.map((looking) => looking.stop()));
    await this.#fold.stop();
  }
}

@Global()
@Module({
  providers: [
    DirectoryFold,
    { provide: Directory, inject: [DirectoryFold], useFactory: (fold: DirectoryFold) => fold.directory },
    {
      provide: CurrentDirectory,
      inject: [DirectoryFold],
      useFactory: (fold: DirectoryFold) => new CurrentDirectory(fold.directory, fold),
    },
  ],
  exports: [DirectoryFold, Directory, CurrentDirectory],
})
export class DirectoryModule {}
