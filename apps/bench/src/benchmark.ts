/** `full`: what counts. `tiny`: a minute at most, to see that it runs; its figures mean nothing. */
export type Size = 'full' | 'tiny';

export interface BenchmarkOptions {
  readonly size: Size;
  /** How long to look, for one that looks for a time and was told how long. */
  readonly minutes?: number;
  /** Told what goes on, a line at a time; never on stdout. */
  readonly say: (line: string) => void;
  /** Aborts when whoever started it wants it to end: it stops what it started, then rejects. */
  readonly signal: AbortSignal;
}

/** What one benchmark found: for each figure one value for each run, and how it was set up. */
export interface Findings<Figure extends string = string> {
  readonly runs: Readonly<Record<Figure, readonly number[]>>;
  /** Sizes, counts, versions: what has to be known to read the figures. */
  readonly setting: Readonly<Record<string, number | string | boolean>>;
}

/** What a figure should be, in the units of its name. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

export interface Benchmark<Figure extends string = string> {
  readonly name: string;
  /** One line for the usage. */
  readonly about: string;
  /** Every figure that it gives, with what it says: the document's schema follows from them. */
  readonly figures: Readonly<Record<Figure, string>>;
  readonly aims: Readonly<Partial<Record<NoInfer<Figure>, Aim>>>;
  /** Those that need something which not every machine has: null in a document without it. */
  readonly optional?: readonly NoInfer<Figure>[];
  /** For one that looks for a time and may be told how long: so many unless it is. */
  readonly minutes?: number;
  run(options: BenchmarkOptions): Promise<Findings<Figure>>;
}

/** Keeps the names of the figures apart from `string`. */
export const benchmark = <Figure extends string>(of: Benchmark<Figure>): Benchmark<Figure> => of;
