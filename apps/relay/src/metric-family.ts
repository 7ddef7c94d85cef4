/** One metric that is looked at when it is asked for. `values` by label, `''` without one. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly label?: string;
  readonly values: Readonly<Record<string, number>>;
}
