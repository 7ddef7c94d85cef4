import { Rejection } from '@caravan/event-store';
import type { Directory } from './directory.js';

/** Any part of a directory. */
export interface Findable<V> {
  get(id: string): V | undefined;
}

/** What keeps a directory up with the log. */
export interface Follows {
  /** Waits until everything that is in the log now is known. False: not in time. @throws Error when the log cannot be asked */
  catchUp(): Promise<boolean>;
}

/**
 * The directory for those whose answer is final. A fold may be behind the log, for seconds after its server was restarted: what it
 * knows has been so, what it does not know may have come since. A site that is told "unknown" ends for ever.
 */
export class CurrentDirectory {
  constructor(
    private readonly directory: Directory,
    private readonly fold: Follows,
  ) {}

  /**
   * What is registered under an id now; undefined: there was nothing in all of the log a moment ago.
   * @throws Rejection `directory.behind`, `directory.halted` when that is not known; LogError when the log is away
   */
  async find<V>(register: (directory: Directory) => Findable<V>, id: string): Promise<V | undefined> {
    return register(this.directory).get(id) ?? register(await this.now()).get(id);
  }

  /**
   * As of a moment ago, for whoever says that something is not so.
   * @throws as `find`
   */
  async now(): Promise<Directory> {
    if (await this.fold.catchUp()) return this.directory;
    this.directory.requireCurrent();
    throw new Rejection('directory.behind', { detail: 'Who exists is not known up to now. Remedy: ask again' });
  }
}
