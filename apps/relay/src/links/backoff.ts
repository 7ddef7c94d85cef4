/**
 * How long to wait before attempt `failures + 1`: doubling, with full jitter in its upper half so that the sites of a relay
 * that came back do not all arrive at once, and none waits less than half.
 *
 * @param random in [0, 1)
 */
export function backoffMs(
  failures: number,
  { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number },
  random: number,
): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30));
  return Math.round(ceiling * (0.5 + random / 2));
}
