import { readdirSync } from 'node:fs';
import type { Line } from './links/line.js';
import type { Lines } from './links/lines.js';
import type { Family } from './metric-family.js';
import type { Budget, Memory } from './tunnels/budget.js';

interface Looked {
  readonly lines: Lines;
  /** TLS contexts that are kept. */
  readonly contexts: number;
  readonly budget: Budget;
  readonly doors: Readonly<Record<string, number>>;
}

const gauge = (name: string, help: string, value: number): Family => ({
  name,
  help,
  type: 'gauge',
  values: { '': value },
});
const by = (label: string, name: string, help: string, values: Family['values']): Family => ({
  name,
  help,
  type: name.endsWith('_total') ? 'counter' : 'gauge',
  label,
  values,
});

const MEMORY: Readonly<Record<Memory, number>> = { calm: 0, short: 1, full: 2 };

/** Labels are words of ours: kinds of access, states. Never a peer's, and no ids, so that their number is bounded. */
export function gaugesOf({ lines, contexts, budget, doors }: Looked): Family[] {
  const all = lines.all();
  const { received, sent } = lines.carried();
  budget.measure();
  return [
    by('state', 'caravan_relay_doors', 'Admissions, by where they are in their window.', doors),
    gauge('caravan_relay_tls_contexts', 'What doors and links are opened with, made and kept.', contexts),
    by(
      'access',
      'caravan_relay_lines',
      'Live lines, by the access point that they lead to.',
      countBy(all, ({ init }) => init.access),
    ),
    gauge(
      'caravan_relay_suspect_lines',
      'Lines that are silent for some seconds.',
      all.filter(({ suspect }) => suspect).length,
    ),
    by('access', 'caravan_relay_received_bytes_total', 'Bytes heard on lines, TLS included.', received),
    by('access', 'caravan_relay_sent_bytes_total', 'Bytes said on lines, TLS included.', sent),
    gauge('caravan_relay_tunnels', 'Connections that are carried or being opened.', budget.tunnels),
    gauge('caravan_relay_held_bytes', 'What they make this relay hold.', budget.held),
    gauge('caravan_relay_budget_bytes', 'What they may make it hold.', budget.bytes),
    gauge(
      'caravan_relay_memory_state',
      '0 calm; 1 short: windows stay small; 2 full: nothing new.',
      MEMORY[budget.memory],
    ),
    ...processGauges(),
  ];
}

/** Under the names that collectors know. */
function processGauges(): Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const descriptors = openDescriptors();
  return [
    gauge('process_resident_memory_bytes', 'Resident memory.', rss),
    gauge('nodejs_heap_size_used_bytes', 'Objects, garbage included.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Buffers, garbage included.', external),
    { ...gauge('process_cpu_seconds_total', 'User and system CPU time.', (user + system) / 1e6), type: 'counter' },
    ...(descriptors === undefined ? [] : [gauge('process_open_fds', 'Open file descriptors.', descriptors)]),
  ];
}

function openDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined; // only Linux tells
  }
}

function countBy(lines: readonly Line[], label: (line: Line) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[label(line)] = (counts[label(line)] ?? 0) + 1;
  return counts;
}
