import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { contextSubjects, parseStreamName } from '@caravan/events';
import type { StreamName } from '@caravan/events';

/** Rings when somebody publishes on a stream. */
export interface Bell {
  /** Resolves with true when it rings (or has rung since the last call), with false after `ms` or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/**
 * Who waits for which stream, on one core NATS subscription for each context. A message for the log is an ordinary message too,
 * so no consumer is needed; but it is seen here before it is stored, or though it was refused. It is only a hint to read.
 */
export class AppendNotices {
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly bells = new Map<string, Set<() => void>>();

  constructor(private readonly nc: NatsConnection) {}

  listen(stream: StreamName): Bell {
    this.subscribe(parseStreamName(stream)?.context ?? '*');
    const bells = this.bells.get(stream) ?? new Set();
    this.bells.set(stream, bells);
    let rung = false;
    let wake: () => void = () => undefined;
    const ring = () => {
      rung = true;
      wake();
    };
    bells.add(ring);
    return {
      async next(ms, signal) {
        if (!rung && !signal.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, ms);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
            signal.addEventListener('abort', wake, { once: true });
          });
          signal.removeEventListener('abort', wake);
        }
        const was = rung;
        rung = false;
        return was;
      },
      close: () => {
        bells.delete(ring);
        if (bells.size === 0 && this.bells.get(stream) === bells) this.bells.delete(stream);
      },
    };
  }

  private subscribe(context: string): void {
    const present = this.subscriptions.get(context);
    if (present && !present.isClosed()) return;
    const subscription = this.nc.subscribe(contextSubjects(context), {
      callback: (error, message) => {
        if (!error) this.bells.get(message.subject)?.forEach((ring) => ring());
        // Without permission to subscribe nobody rings: whoever waits reads every second.
      },
    });
    this.subscriptions.set(context, subscription);
  }
}
