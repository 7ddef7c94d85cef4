import { encode, renderSVG } from 'uqr';

/** Modules of quiet zone: ISO/IEC 18004 asks for four on paper, and scanners take two from a screen. */
const [ON_SCREEN, ON_PAPER] = [2, 4];

/**
 * A QR code for a terminal, two rows of modules to a line. `ink`: whether what is printed is `dark` on light, as scanners expect, or
 * `light`, as on the dark terminals that most are.
 */
export const qrLines = (text: string, ink: 'dark' | 'light'): string[] => {
  const { data } = encode(text, { border: ON_SCREEN });
  const printed = data.map((row) => row.map((isDark) => isDark === (ink === 'dark')));
  return printed.flatMap((row, index) => (index % 2 === 0 ? [lineOf(row, printed[index + 1] ?? [])] : []));
};

const lineOf = (upper: readonly boolean[], lower: readonly boolean[]): string =>
  upper.map((isUpper, index) => BLOCKS[`${isUpper}/${lower[index] ?? false}`]).join('');

const BLOCKS = { 'true/true': '█', 'true/false': '▀', 'false/true': '▄', 'false/false': ' ' } as const;

export const qrImage = (text: string): string => `${renderSVG(text, { border: ON_PAPER })}\n`;
