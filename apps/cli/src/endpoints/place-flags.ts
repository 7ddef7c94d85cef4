import { textOption } from '../options.js';
import type { Options } from '../options.js';

/** The flags that named the place name it in the remedy too. */
export const placeFlags = (options: Options): string =>
  ['dir', 'network', 'member']
    .map((name) => ({ name, value: textOption(options, name) }))
    .map(({ name, value }) => (value === undefined ? '' : ` --${name} ${value}`))
    .join('');
