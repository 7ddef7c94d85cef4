import { ANSWERS_LATEST, CAPABILITY, nudgeSchema, siteSubject, syncReplySchema } from '@caravan/events';
import type { SyncReply, SyncRequest } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { ask, ManagementAway, ManagementRefusal } from '../control/index.js';
import type { ControlLink } from '../control/index.js';
import type { Doors } from '../doors/index.js';
import type { Log } from '../log.js';
import { Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { Troubles } from '../troubles.js';
import { after, isTooLittle } from './desired-state.js';
import type { DesiredStateStore } from './desired-state-store.js';

export interface FollowingOptions {
  readonly siteId: string;
  readonly control: ControlLink;
  readonly store: DesiredStateStore;
  readonly troubles: Troubles;
  readonly log: Log;
  /** What waits for what is kept to be what is desired now. */
  readonly doors: Pick<Doors, 'hasHeard' | 'hear'>;
  /** How often to ask without being nudged. */
  readonly everyMs: number;
  readonly backOff?: BackOff;
}

/** The answer takes milliseconds. Whoever nudges and owes an answer for so long is another one than was asked. */
const DEAD_AFTER_MS = 1_000;

/** Asks for what changed: when connected, when nudged, and now and then, since a nudge can be lost. */
export class Following {
  private readonly repeating: Repeating;
  /** Gives up a question that has been on its way for long. */
  private giveUp: () => void = () => undefined;

  constructor(private readonly options: FollowingOptions) {
    const { control, siteId, troubles, log, backOff } = options;
    this.repeating = new Repeating({
      work: () => this.sync(),
      failed: (error) => {
        // The control link says itself when it is away.
        if (!(error instanceof ManagementAway)) log.warn({ err: error }, 'desired state not read');
        troubles.set('sync', error, new Date());
      },
      ...(backOff && { backOff }),
    });
    control.hear(siteSubject(siteId, 'nudge'), (data) => this.nudged(data));
    control.onChange((connected) => {
      if (connected) this.repeating.wake();
    });
  }

  start(): void {
    this.repeating.start();
  }

  /** The desired state is known to have changed. */
  now(): void {
    this.repeating.wake();
  }

  stop(): Promise<void> {
    return this.repeating.stop();
  }

  private nudged(data: Uint8Array): void {
    try {
      const { revision } = nudgeSchema.parse(JSON.parse(Buffer.from(data).toString('utf8')));
      if (revision <= this.options.store.state.revision) return;
      this.giveUp();
      this.repeating.wake();
    } catch {
      this.repeating.wake(); // whatever it was meant to say: asking costs one message
    }
  }

  private async sync(): Promise<number | undefined> {
    const { control, store, troubles, doors, everyMs } = this.options;
    if (!control.connected) return undefined;
    // Before doors open, what is heard must be no less than what is true: a management plane that is behind may not know who was revoked.
    const latest = !doors.hasHeard && store.state.capability >= ANSWERS_LATEST;
    try {
      await this.take(latest);
    } catch (error) {
      // It knows something all the same.
      if (latest && error instanceof ManagementRefusal) await this.take(false);
      throw error;
    }
    troubles.clear('sync');
    doors.hear();
    return everyMs * (0.8 + Math.random() * 0.4);
  }

  private async take(latest: boolean): Promise<void> {
    const { store, log } = this.options;
    const changes = await this.changesSince(store.state.revision, latest);
    const reply = isTooLittle(store.state, changes) ? await this.changesSince(0, latest) : changes;
    if (killPoint && reply.items.length + reply.removed.length > 0) await killPoint('sync.received', reply.kind);
    await store.keep(after(store.state, reply));
    const { kind, revision, items, removed } = reply;
    if (items.length + removed.length > 0) {
      log.info({ kind, revision, changed: items.length, removed: removed.length }, 'desired state taken');
    }
  }

  private changesSince(revision: number, latest: boolean): Promise<SyncReply> {
    const { control, siteId } = this.options;
    const question: SyncRequest = { capability: CAPABILITY, revision, ...(latest && { latest }) };
    return this.unlessDead(ask(control, siteSubject(siteId, 'sync'), question, syncReplySchema));
  }

  /** A question dies with whoever has it in hand, and its asker would wait for the whole patience of a request. */
  private unlessDead<Reply>(question: Promise<Reply>): Promise<Reply> {
    const asked = performance.now();
    return new Promise((resolve, reject) => {
      question.then(resolve, reject);
      this.giveUp = () => {
        if (performance.now() - asked < DEAD_AFTER_MS) return;
        reject(new ManagementAway('whoever was asked is no more; somebody else is'));
      };
    });
  }
}
