import type { Family } from './metric-family.js';

const HELP = {
  caravan_relay_handshakes_refused_total: 'Connections dropped before they became a link, by reason.',
  caravan_relay_lines_opened_total: 'Authenticated connections that became part of a link.',
  caravan_relay_lines_closed_total: 'Lines that ended, by reason.',
  caravan_relay_lines_lost_total:
    'Lines given up from here, by why: silent (no sign of life, or nothing taken), unruly (a window not confirmed).',
  caravan_relay_tunnels_opened_total: 'Connections that were carried.',
  caravan_relay_tunnels_refused_total: 'Connections that were refused, by code.',
  caravan_relay_tunnels_evicted_total: 'Connections that were reset because all together held more than the budget.',
  caravan_relay_offers_ignored_total: 'Offers of addresses that did not count, by reason.',
  caravan_relay_control_refused_total: 'Requests on the control socket that were refused, by code.',
  caravan_relay_hand_overs_total: 'What the supervisor gave at the start, by what became of it: taken, late, refused.',
  caravan_relay_faults_total: 'Errors that nothing expected, by where they surfaced. Each is a bug.',
} as const;

export type CounterName = keyof typeof HELP;

/** All counters of the process. Labels come from our own code tables, never from a peer, so their number is bounded. */
export class Counters {
  readonly #values = new Map<CounterName, Map<string, number>>();

  add(name: CounterName, label = '', count = 1): void {
    const values = this.#values.get(name) ?? new Map<string, number>();
    this.#values.set(name, values.set(label, (values.get(label) ?? 0) + count));
  }

  of(name: CounterName, label = ''): number {
    return this.#values.get(name)?.get(label) ?? 0;
  }

  /** Prometheus text format 0.0.4. */
  text(families: readonly Family[] = []): string {
    const counters = (Object.entries(HELP) as [CounterName, string][]).map(([name, help]): Family => {
      const values = this.#values.get(name) ?? [['', 0] as const];
      return { name, help, type: 'counter', label: 'reason', values: Object.fromEntries(values) };
    });
    return [...counters, ...families].flatMap(linesOf).join('\n') + '\n';
  }
}

const linesOf = ({ name, help, type, label, values }: Family): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...Object.entries(values).map(([of, value]) => `${name}${of && `{${label}="${of}"}`} ${value}`),
];
