const add = (counts: Map<string, number>, what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
const lines = (title: string, counts: ReadonlyMap<string, number>): string[] => [
  title,
  ...[...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([what, n]) => `${String(n).padStart(9)} ${what}`),
];

/** What a run of the model hit: a generator that never gets anywhere would agree with everything. */
export class Statistics {
  commands = 0;
  readonly kinds = new Map<string, number>();
  readonly rejections = new Map<string, number>();
  readonly turns = new Map<string, number>();

  command(kind: string): void {
    this.commands++;
    add(this.kinds, kind);
  }

  rejection(code: string): void {
    add(this.rejections, code);
  }

  count(what: string): void {
    add(this.turns, what);
  }

  toString(): string {
    return [
      `${this.commands} commands`,
      ...lines('by kind', this.kinds),
      ...lines('refused', this.rejections),
      ...lines('turns of fate', this.turns),
    ].join('\n');
  }
}
