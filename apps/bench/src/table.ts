import type { Aim, Benchmark } from './benchmark.js';
import type { Document } from './document.js';

/** The document for people. */
export function tableOf(of: Pick<Benchmark, 'figures'>, document: Document): string {
  const { machine, runs, aims, setting, command, date } = document;
  const figures = Object.entries(runs).map(([figure, spread]) => {
    const judged = aims.find(({ name }) => name === figure);
    const aimed = judged ? `${inWords(judged.aim)} ${judged.met ? 'met' : 'missed'}` : '';
    const values = spread ? [String(spread.median), `${spread.min} - ${spread.max}`] : ['-', '-'];
    return [figure, ...values, aimed, of.figures[figure] ?? ''];
  });
  const settings = Object.entries(setting).map(([name, value]) => `${name} ${value}`);
  return [
    `${command}, ${date}`,
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${machine.platform}, load average ${machine.loadAverage}`,
    settings.join(', '),
    '',
    ...aligned([['figure', 'median', 'min - max', 'aim', 'what it says'], ...figures]),
    '',
  ].join('\n');
}

const inWords = (aim: Aim): string => ('atLeast' in aim ? `>= ${aim.atLeast}` : `<= ${aim.atMost}`);

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
