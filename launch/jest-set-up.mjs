import { build } from './build.mjs';

/** For suites that start processes: what runs is what is written. */
export default ({ rootDir }) => build(rootDir);
