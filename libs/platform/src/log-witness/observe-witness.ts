import { Gauge } from '../metrics/index.js';
import type { Service } from '../service/index.js';
import type { LogWitness } from './log-witness.js';

/** What the health port and the metrics tell of the witness. */
export function observeWitness(witness: LogWitness, { health, metrics }: Pick<Service, 'health' | 'metrics'>): void {
  health.watch('log witness', () => troubleOf(witness));
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

function troubleOf({ gate: { status }, trouble, verifications }: LogWitness): string | undefined {
  if (status.status !== 'diverged') return trouble;
  const { says, since, pending } = status;
  const until = pending ? `, until the log is read from its first entry (${verifications.progress})` : '';
  return `${says}; writes are refused since ${since.toISOString()}${until}`;
}
