import { setTimeout as sleep } from 'node:timers/promises';
import { describeDivergence, divergedError } from '@caravan/event-store';
import type { Divergence, LogCheckpoint } from '@caravan/event-store';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Ended } from '../lifecycle/wait-on.js';
import { inspectLog, lossOf } from './inspect-log.js';
import type { Lost } from './inspect-log.js';
import { LogFollower } from './log-follower.js';
import type { LogWitnessOptions } from './log-witness-options.js';
import { patiently } from './patiently.js';
import { Verifications } from './verifications.js';
import { watchConnection } from './watch-connection.js';
import { WriteGate } from './write-gate.js';

/** For so long, at most, writers wait for the log to be read from its first entry: one that is not long is read by then. */
const READ_FIRST_MS = 3_000;

/**
 * Remembers the log outside the log, and stops this process from writing to one that went back or is not what it was: at its start
 * and after each reconnection before the first write, and while it runs within seconds. It is in nobody's way: appends look at a
 * variable.
 */
export class LogWitness implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly gate = new WriteGate();
  readonly verifications: Verifications;
  #follower: LogFollower | undefined;
  /** Lets go of the gate that is held while the log is away. */
  #letGo: (() => void) | undefined = this.gate.hold();
  readonly #troubles = { looking: undefined as string | undefined, writing: undefined as string | undefined };
  readonly #stopping = new AbortController();

  constructor(private readonly options: LogWitnessOptions) {
    const { nc, ledger, log, ending } = options;
    ending?.addEventListener('abort', () => this.#stopping.abort(new Ended()), { once: true });
    this.verifications = new Verifications({
      nc,
      ledger,
      log,
      signal: this.#stopping.signal,
      diverged: (divergence) => this.raise(divergence),
      passed: () => void this.#passed().catch(() => undefined), // it is ending
    });
  }

  /** How far it has seen the log. */
  get position(): number {
    return this.#follower?.position ?? 0;
  }

  /** What keeps it from its work, in words; undefined: nothing. */
  get trouble(): string | undefined {
    return this.#troubles.looking ?? this.#troubles.writing ?? this.verifications.trouble;
  }

  /** The quick look, before anything is written. Waits for database and log for as long as it takes. */
  async open(): Promise<void> {
    const { ledger } = this.options;
    const [alarm, last] = await this.#patiently(() => Promise.all([ledger.openAlarm(), ledger.last()]));
    const divergence = await this.#patiently(() => this.#inspect(last));
    if (divergence) this.raise(divergence);
    else if (alarm) this.gate.refuse({ ...alarm, since: alarm.raisedAt, pending: true });
    this.#follower = this.#followerFrom(last);
    this.#back();
  }

  onApplicationBootstrap(): void {
    if (!this.gate.isShut) this.#follower?.start();
    void watchConnection(this.options.nc, {
      signal: this.#stopping.signal,
      lost: () => (this.#letGo ??= this.gate.hold()),
      back: (anew) => this.#looked(anew),
    });
    void this.#lookNowAndThen();
  }

  /**
   * Reads the whole log in the background: now, and whenever its server was started anew. Writers wait for that for a moment only.
   * To be called before anything reacts to the log.
   */
  verify(): void {
    if (this.gate.isShut) return;
    const letGo = this.gate.hold();
    const enough = sleep(READ_FIRST_MS, undefined, { signal: this.#stopping.signal, ref: false }).catch(
      () => undefined,
    );
    void Promise.race([this.verifications.request(), enough]).then(letGo);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#follower?.stop();
    await this.verifications.ended;
  }

  /** What it finds shows at the gate. `lost`: what a reader does not find any more. @throws LogError `log.unavailable` */
  async look(lost?: Lost): Promise<void> {
    const divergence = (await this.#inspect(this.#follower?.seen())) ?? (lost && (await lossOf(this.options.nc, lost)));
    if (divergence) this.raise(divergence);
  }

  /** From here on this process writes nothing, until it is started again and finds the log to be right. */
  raise(divergence: Divergence): void {
    if (this.gate.isShut) return;
    const { log, clock, ledger } = this.options;
    const { sequence } = divergence;
    const says = describeDivergence(divergence);
    const since = clock.now();
    this.gate.refuse({ says, sequence, since, pending: false });
    log.error({ code: 'log.diverged', ...divergence }, divergedError(says, sequence, since).message);
    // What was seen before is written down: the proof that it was there.
    void this.#follower?.stop();
    // Where that fails, it is found again at the next start.
    void this.#patiently(() => ledger.raiseAlarm({ raisedAt: since, sequence, says })).catch(() => undefined);
  }

  async #passed(): Promise<void> {
    const { status } = this.gate;
    if (status.status !== 'diverged' || !status.pending) return;
    const { ledger, log, name } = this.options;
    const why = 'the log was read from its first entry and is what was witnessed';
    await this.#patiently(() => ledger.endAlarm(name, why));
    this.gate.clear();
    log.warn(`the alarm has ended: ${why}; writes are allowed`);
  }

  #followerFrom(from: LogCheckpoint | undefined): LogFollower {
    const { nc, ledger, clock, log, everyMs = 500 } = this.options;
    return new LogFollower({
      nc,
      ledger,
      clock,
      from,
      everyMs,
      diverged: (divergence) => void this.#found(divergence).catch(() => undefined), // it is ending
      trouble: (says) => {
        if (says !== undefined && says !== this.#troubles.writing) log.warn(says);
        this.#troubles.writing = says;
      },
    });
  }

  /** What halted the follower. A log that seemed short for a moment is followed further. */
  async #found(divergence: Divergence): Promise<void> {
    if (divergence.kind !== 'went-back') return this.raise(divergence);
    const letGo = this.gate.hold();
    const confirmed = await this.#patiently(() => this.#inspect(this.#follower?.seen()));
    if (confirmed) return this.raise(confirmed);
    this.#follower = this.#followerFrom(this.#follower?.seen());
    this.#follower.start();
    letGo();
  }

  /** No write passes between a lost connection and a look at what the new one leads to. */
  async #looked(anew: boolean): Promise<void> {
    // What cannot be looked at is not written to.
    const looked = await this.#patiently(() => this.look()).then(
      () => true,
      () => false,
    );
    if (anew) this.verify();
    if (looked) this.#back();
  }

  #back(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }

  async #lookNowAndThen(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await sleep(this.options.lookMs ?? 2_000, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || this.gate.status.status !== 'watching') continue;
      // What is away is told by others: NATS and PostgreSQL have checks of their own.
      await this.look().catch(() => undefined);
      await this.#heed().catch(() => undefined);
    }
  }

  /** What another replica has found out holds for this one too. */
  async #heed(): Promise<void> {
    const alarm = await this.options.ledger.openAlarm();
    if (!alarm || this.gate.status.status !== 'watching') return;
    this.gate.refuse({ ...alarm, since: alarm.raisedAt, pending: false });
    this.options.log.error({ code: 'log.diverged', sequence: alarm.sequence }, `another replica says: ${alarm.says}`);
    await this.#follower?.stop();
  }

  #inspect(seen: LogCheckpoint | undefined): Promise<Divergence | undefined> {
    return inspectLog(this.options.nc, seen, this.#stopping.signal);
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    const waiting = (says: string | undefined) => {
      this.#troubles.looking = says === undefined ? undefined : `the log cannot be witnessed: ${says}`;
    };
    return patiently(work, { signal: this.#stopping.signal, waiting });
  }
}
