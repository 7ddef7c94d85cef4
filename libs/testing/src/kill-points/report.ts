import { VICTIMS } from './roles.js';
import type { Played } from './round.js';
import { SCENARIOS } from './visit.js';

/** One line for each cell, as it is played. */
export const lineOf = ({ cell: { step, victim }, seconds, recoverySeconds, trouble }: Played): string => {
  const [whole, recovery] = [seconds, recoverySeconds].map((each) => `${each.toFixed(1).padStart(5)} s`);
  return `${trouble === undefined ? '✓' : '✗'} ${whole}, recovered in ${recovery}  ${step.scenario}: ${step.name} — ${victim}`;
};

/** The matrix as a Markdown table: seconds from the kill until everything was as it shall be. */
export function tableOf(played: readonly Played[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const steps = [...new Set(played.map(({ cell }) => cell.step))].sort(
    (a, b) => SCENARIOS.indexOf(a.scenario) - SCENARIOS.indexOf(b.scenario),
  );
  const entry = ({ recoverySeconds, trouble }: Played): string =>
    trouble === undefined ? recoverySeconds.toFixed(1) : '**✗**';
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
