/** One look at something that should stay as it is. */
export interface Look {
  readonly minute: number;
  readonly value: number;
}

/** By how much it grows in an hour: the slope of the line of least squares. Zero for a single look. Pure. */
export function growthInAnHour(looks: readonly Look[]): number {
  const mean = (of: (look: Look) => number): number => looks.reduce((sum, look) => sum + of(look), 0) / looks.length;
  const [minute, value] = [mean((look) => look.minute), mean((look) => look.value)];
  const spread = mean((look) => (look.minute - minute) ** 2);
  return spread === 0 ? 0 : (mean((look) => (look.minute - minute) * (look.value - value)) / spread) * 60;
}
