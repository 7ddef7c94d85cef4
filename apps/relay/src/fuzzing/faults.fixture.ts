/** Errors that nothing in a relay expected, by its log and by its own count; each kind once. */
export function faultsIn(log: string, counted: number): string[] {
  const errors = log
    .split('\n')
    .flatMap((line) =>
      /"level":("error"|"fatal"|50|60)/.test(line)
        ? [JSON.parse(line) as { err?: { stack?: string }; msg: string }]
        : [],
    );
  const kinds = [
    ...new Set(errors.map(({ err, msg }) => `${msg}: ${err?.stack?.split('\n').slice(0, 6).join(' | ')}`)),
  ];
  return counted === 0 ? kinds : [`${counted} faults`, ...kinds];
}
