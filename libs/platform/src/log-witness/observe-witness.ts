import { DIVERGED_REMEDY } from '@caravan/event-store';
import type { Condition } from '../health/index.js';
import { Gauge } from '../metrics/index.js';
import type { Service } from '../service/index.js';
import type { LogWitness } from './log-witness.js';

/** What the health port and the metrics tell of the witness. */
export function observeWitness(witness: LogWitness, { health, metrics }: Pick<Service, 'health' | 'metrics'>): void {
  health.watch('log witness', () => conditionOf(witness));
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [metrics],
      collect() {
        this.set(value());
      },
    });
  const diverged = () => (witness.gate.status.status === 'diverged' ? 1 : 0);
  gauge(
    'caravan_log_diverged',
    'Whether the log is not what was witnessed, so that nothing is written to it',
    diverged,
  );
  gauge('caravan_log_witnessed_position', 'How far the witness has followed the log', () => witness.position);
  gauge(
    'caravan_log_verified_position',
    'How far the log was last read from its first entry and found to be right',
    () => witness.verifications.position,
  );
}

function conditionOf({ gate: { status }, trouble, verifications }: LogWitness): Condition | undefined {
  if (status.status !== 'diverged') return trouble === undefined ? undefined : { says: trouble };
  const since = `${status.says}; writes are refused since ${status.since.toISOString()}`;
  if (!status.pending) return { says: since, remedy: DIVERGED_REMEDY, code: 'log.diverged' };
  const until = `until the log is read from its first entry (${verifications.progress})`;
  return { says: `${since}, ${until}`, code: 'log.diverged' };
}
