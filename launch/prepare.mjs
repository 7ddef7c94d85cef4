import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';

/** What `npm start` and `npm test` both need first, and then `more`. Ends the process with a clear line if it cannot be had. */
export async function prepare(root, ...more) {
  try {
    for (const step of [installDependencies, build, ...more]) await step(root);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
