import type { CertificateItem, ItemState } from '@caravan/data-plane';
import { CAPABILITY, certificateReplySchema, siteSubject } from '@caravan/events';
import type { CertificateRequest } from '@caravan/events';
import { ask, ManagementAway, ManagementRefusal } from '../control/index.js';
import type { ControlLink } from '../control/index.js';
import type { Log } from '../log.js';
import { comeAgainAfter, delayAfter, DEFAULT_BACK_OFF, Repeating } from '../pacing/index.js';
import type { BackOff } from '../pacing/index.js';
import type { CertificateStore } from './certificate-store.js';
import type { Due } from './due.js';
import { toObtain } from './due.js';

export interface ObtainingOptions {
  readonly siteId: string;
  readonly control: ControlLink;
  readonly store: CertificateStore;
  /** The certificates that this site shall hold. */
  readonly wanted: () => readonly CertificateItem[];
  /** The state of a certificate changed. */
  readonly changed: () => void;
  readonly log: Log;
  readonly backOff?: BackOff;
}

/** Timers do not reach as far as certificates last. */
const LONGEST_PAUSE_MS = 24 * 60 * 60 * 1000;

interface Attempt {
  readonly ordinal: number;
  readonly failures: number;
  readonly state: ItemState;
}

/** Asks for each certificate that is to be held and is not, and for the next of each that grows old, with the same key until there is an answer. */
export class Obtaining {
  private readonly attempts = new Map<string, Attempt>();
  private readonly repeating: Repeating;

  constructor(private readonly options: ObtainingOptions) {
    this.repeating = new Repeating({
      work: () => this.obtainAll(),
      failed: (error) => options.log.error({ err: error }, 'certificates not obtained'),
    });
    options.control.onChange((connected) => {
      if (connected) this.repeating.wake();
    });
  }

  start(): void {
    this.repeating.start();
  }

  /** What is wanted may have changed. */
  again(): void {
    this.repeating.wake();
  }

  stop(): Promise<void> {
    return this.repeating.stop();
  }

  /** What there is to say about the certificate of an item. */
  stateOf({ id, ordinal }: CertificateItem): ItemState {
    const held = this.options.store.get(id)?.held;
    if (held && held.ordinal >= ordinal) return { state: 'applied' };
    const attempt = this.attempts.get(id);
    if (attempt?.ordinal === ordinal) return attempt.state;
    return { state: 'waiting', detail: 'it was not asked for yet' };
  }

  private async obtainAll(): Promise<number | undefined> {
    const { control, store, wanted } = this.options;
    const now = new Date();
    const { due, nextAt } = toObtain(wanted(), (id) => store.get(id), { now });
    for (const id of this.attempts.keys()) if (!due.some((each) => each.id === id)) this.attempts.delete(id);
    if (!control.connected) return undefined;
    const pauses = await Promise.all(due.map((each) => this.obtain(each)));
    if (nextAt) pauses.push(Math.min(nextAt.getTime() - now.getTime(), LONGEST_PAUSE_MS));
    const soonest = Math.min(...pauses.filter((pause) => pause !== undefined));
    return Number.isFinite(soonest) ? soonest : undefined;
  }

  /** Resolves with when to ask again; undefined: not before something changes. */
  private async obtain(item: Due): Promise<number | undefined> {
    const before = this.attempts.get(item.id);
    const failures = before?.ordinal === item.ordinal ? before.failures : 0;
    if (failures === Infinity) return undefined;
    const { control, store, siteId, log, changed, backOff = DEFAULT_BACK_OFF } = this.options;
    const { id, ordinal } = item;
    try {
      const { csr } = await store.request(id, ordinal);
      const question: CertificateRequest = { capability: CAPABILITY, itemId: id, ordinal, csr };
      const reply = await ask(control, siteSubject(siteId, 'certificate'), question, certificateReplySchema);
      if (reply.status === 'pending') {
        this.note(item, 0, { state: 'waiting', detail: 'it was asked for and is not signed yet' });
        return comeAgainAfter(reply.retryAfterMs);
      }
      await store.install(id, ordinal, reply.chain, new Date());
      this.attempts.delete(id);
      log.info({ item: id, ordinal }, 'certificate installed');
      changed();
      return undefined;
    } catch (error) {
      const detail = (error as Error).message;
      if (error instanceof ManagementAway) {
        this.note(item, failures + 1, { state: 'waiting', detail });
      } else if (error instanceof ManagementRefusal && error.retry === 'never') {
        log.error({ item: id, ordinal, code: error.code, reason: detail }, 'certificate refused');
        this.note(item, Infinity, { state: 'refused', detail: `${detail} (${error.code})` });
        return undefined;
      } else {
        log.warn({ item: id, ordinal, err: error }, 'certificate not obtained');
        this.note(item, failures + 1, { state: 'failed', detail });
      }
      return delayAfter(failures + 1, backOff, Math.random());
    }
  }

  private note({ id, ordinal }: Due, failures: number, state: ItemState): void {
    this.attempts.set(id, { ordinal, failures, state });
    this.options.changed();
  }
}
