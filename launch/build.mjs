import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { progress } from './progress.mjs';
import { runProgram } from './run-program.mjs';

/** Compiles and bundles what has changed. */
export async function build(root) {
  await progress('building', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await runProgram(process.execPath, [tsc, '-b'], { cwd: root });
    if (code !== 0) throw new Error(`tsc -b failed:\n${output}`);
    await bundle(root);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(fileURLToPath(new URL('..', import.meta.url)));
