export const METRICS_TYPE = { 'content-type': 'text/plain; version=0.0.4' };

/** Prometheus text format 0.0.4 of counters by code, and how large this process is. */
export function metricsText(
  counters: Readonly<Record<string, readonly [help: string, ReadonlyMap<string, number>]>>,
): string {
  const lines = Object.entries(counters).flatMap(([name, [help, counts]]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...[...counts].map(([code, count]) => `${name}{code="${code}"} ${count}`),
  ]);
  const memory = [
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  ];
  return `${[...lines, ...memory].join('\n')}\n`;
}
