import { z } from 'zod';
import type { Aim, Benchmark, Findings, Size } from './benchmark.js';
import { machineSchema } from './machine.js';
import type { Machine } from './machine.js';

const spreadSchema = z.strictObject({
  values: z.array(z.number()).min(1),
  min: z.number(),
  median: z.number(),
  max: z.number(),
});
export type Spread = z.infer<typeof spreadSchema>;

const aimSchema = z.union([z.strictObject({ atLeast: z.number() }), z.strictObject({ atMost: z.number() })]);

/** A figure that should be something, and whether its median is. */
const judgedAimSchema = z.strictObject({
  name: z.string(),
  aim: aimSchema,
  value: z.number().nullable(),
  met: z.boolean(),
});

/** What does not depend on the benchmark. */
const commonSchema = z.object({
  benchmark: z.string(),
  command: z.string(),
  date: z.iso.datetime(),
  size: z.enum(['full', 'tiny']),
  machine: machineSchema,
  setting: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  aims: z.array(judgedAimSchema),
  runs: z.record(z.string(), spreadSchema.nullable()),
});

/** What a benchmark says on stdout: its figures (each the median of its runs), and under which circumstances they came. */
export type Document = z.infer<typeof commonSchema> & Readonly<Record<string, unknown>>;

/** The schema of one benchmark's document: nothing more than its figures, and nothing less. */
export function documentSchema(of: Pick<Benchmark, 'name' | 'figures' | 'aims' | 'optional'>) {
  const figures = Object.keys(of.figures);
  const each = <Value extends z.ZodType>(schema: Value) =>
    Object.fromEntries(figures.map((name) => [name, of.optional?.includes(name) ? schema.nullable() : schema]));
  const { benchmark: _, command, date, size, machine, ...rest } = commonSchema.shape;
  const isJudged = (aims: readonly { readonly name: string }[]): boolean =>
    aims.map(({ name }) => name).join() === Object.keys(of.aims).join();
  return z.strictObject({
    benchmark: z.literal(of.name),
    ...{ command, date, size, machine },
    ...each(z.number()),
    ...rest,
    aims: rest.aims.refine(isJudged, 'not the aims of this benchmark'),
    runs: z.strictObject(each(spreadSchema)),
  });
}

export interface Circumstances {
  readonly command: string;
  readonly date: Date;
  readonly size: Size;
  readonly machine: Machine;
}

/** @throws ZodError when a figure is missing or no number: a benchmark that measured nothing has failed. */
export function documentOf(of: Benchmark, circumstances: Circumstances, { runs, setting }: Findings): Document {
  const isAbsent = (figure: string, values: readonly number[]) => values.length === 0 && of.optional?.includes(figure);
  const spreads = Object.entries(runs).map(
    ([figure, values]) => [figure, isAbsent(figure, values) ? null : spreadOf(values)] as const,
  );
  const medians = Object.fromEntries(spreads.map(([figure, spread]) => [figure, spread && spread.median]));
  const aims = Object.entries(of.aims as Readonly<Record<string, Aim>>).map(([name, aim]) => {
    const value = medians[name] ?? null;
    return { name, aim, value, met: isMet(aim, value) };
  });
  return documentSchema(of).parse({
    benchmark: of.name,
    ...circumstances,
    date: circumstances.date.toISOString(),
    ...medians,
    aims,
    setting,
    runs: Object.fromEntries(spreads),
  });
}

const isMet = (aim: Aim, value: number | null): boolean =>
  value !== null && ('atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost);

export function spreadOf(values: readonly number[]): Spread {
  const rounded = values.map(significant).sort((one, other) => one - other);
  const [lower, upper] = [rounded[(rounded.length - 1) >> 1] ?? NaN, rounded[rounded.length >> 1] ?? NaN];
  return {
    values: values.map(significant),
    min: rounded[0] ?? NaN,
    median: significant((lower + upper) / 2),
    max: rounded.at(-1) ?? NaN,
  };
}

/** Four digits: more would pretend. */
const significant = (value: number): number => Number(value.toPrecision(4));
