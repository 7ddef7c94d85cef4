import { VICTIMS } from './roles.js';
import type { Played } from './round.js';
import { SCENARIOS } from './visit.js';

/** One line for each cell, as it is played. */
export const lineOf = ({ cell: { step, victim }, seconds, recovery, trouble }: Played): string => {
  const [whole, after] = [seconds, recovery?.seconds ?? 0].map((each) => `${each.toFixed(1).padStart(5)} s`);
  const side = recovery?.side === undefined ? '' : ` (${recovery.side})`;
  return `${trouble === undefined ? '✓' : '✗'} ${whole}, recovered in ${after}  ${step.scenario}: ${step.name} — ${victim}${side}`;
};

/** The matrix as a Markdown table: seconds from the kill until everything was as it shall be. */
export function tableOf(played: readonly Played[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const steps = [...new Set(played.map(({ cell }) => cell.step))].sort(
    (a, b) => SCENARIOS.indexOf(a.scenario) - SCENARIOS.indexOf(b.scenario),
  );
  const entry = ({ recovery, trouble }: Played): string =>
    trouble === undefined && recovery ? recovery.seconds.toFixed(1) : '**✗**';
  const lines = steps.map((step) =>
    row([
      `${step.scenario}: ${step.name}`,
      ...VICTIMS.map((victim) => {
        const of = played.filter(({ cell }) => cell.step === step && cell.victim === victim);
        return of.map(entry).join(' ');
      }),
    ]),
  );
  return [row(['step', ...VICTIMS]), row(['---', ...VICTIMS.map(() => '---:')]), ...lines].join('\n');
}
