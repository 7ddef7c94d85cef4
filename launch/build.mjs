import { join } from 'node:path';
import { progress } from './progress.mjs';
import { runProgram } from './run-program.mjs';

/** Compiles what has changed. */
export async function build(root) {
  await progress('building', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await runProgram(process.execPath, [tsc, '-b'], { cwd: root });
    if (code !== 0) throw new Error(`tsc -b failed:\n${output}`);
  });
}
