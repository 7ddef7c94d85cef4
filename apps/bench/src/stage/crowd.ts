/** How many joins at once: enough that every process has always something to do. */
const AT_ONCE = 32;

export interface Crowd {
  readonly seconds: number;
  /** Of each join, in the order in which they ended. */
  readonly latenciesMs: readonly number[];
}

/** Does `join` so many times, some at a time. @throws what the first that fails throws. */
export async function crowd(count: number, join: () => Promise<void>, atOnce = AT_ONCE): Promise<Crowd> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const began = performance.now();
      await join();
      latenciesMs.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, one));
  return { seconds: (performance.now() - start) / 1000, latenciesMs };
}

export const percentile = (values: readonly number[], of: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * of))] ?? NaN;
