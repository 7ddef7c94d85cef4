import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@caravan/platform';

/** The file that an option names. @throws ConfigurationError */
export function readOption(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const says = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}): ${file}`;
    throw new ConfigurationError([{ variable: option, says, remedy: undefined }]);
  }
}
