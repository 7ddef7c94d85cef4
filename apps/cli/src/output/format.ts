import { stringify } from 'yaml';
import { usageError } from '../failures/cli-error.js';

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export const readOutputFormat = (text: string | undefined): OutputFormat => {
  const format = outputFormats.find((each) => each === (text ?? 'table'));
  if (format === undefined) {
    throw usageError('cli.unknown-output', `There is no output format "${text}".`, `-o ${outputFormats.join('|')}`);
  }
  return format;
};

/** The API's own shape as text; undefined for the formats that are for reading. */
export const machineText = (format: OutputFormat, document: unknown): string | undefined => {
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  return format === 'yaml' ? stringify(document, { lineWidth: 0 }) : undefined;
};
