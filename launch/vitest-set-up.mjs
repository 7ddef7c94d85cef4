import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

/** For suites that start processes: what runs is what is written. */
export default () => build(fileURLToPath(new URL('..', import.meta.url)));
