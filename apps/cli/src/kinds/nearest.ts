/** Optimal string alignment distance: insertions, deletions, changes, and two neighbours swapped, one each. */
export const editDistance = (from: string, to: string): number => {
  const rows: number[][] = [];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 0; i <= from.length; i++) {
    const row: number[] = (rows[i] = []);
    for (let j = 0; j <= to.length; j++) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
              at(i - 1, j - 1) + change,
              swapped ? at(i - 2, j - 2) + 1 : Infinity,
            );
    }
  }
  return at(from.length, to.length);
};

const MAX_LENGTH = 80;

/** What was probably meant: the closest within a third of its letters, or the only one that begins so (`link`, `links`). */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  const typed = word.slice(0, MAX_LENGTH).toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  if (best) return best.candidate;
  const [shortest, ...others] = candidates
    .filter((candidate) => typed.length > 1 && candidate.startsWith(typed))
    .sort((a, b) => a.length - b.length);
  return shortest !== undefined && others.every((other) => other.startsWith(shortest)) ? shortest : undefined;
};
