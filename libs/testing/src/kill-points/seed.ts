/** `CARAVAN_KILLS_SEED` of an earlier run; without it one that no run has had. @throws Error when it is no number */
export function seedOf({ CARAVAN_KILLS_SEED: given }: Readonly<Record<string, string | undefined>>): number {
  if (given === undefined) return Date.now() % 1_000_000_000;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`CARAVAN_KILLS_SEED=${given} is no seed: give up to nine digits`);
  return Number(given);
}
