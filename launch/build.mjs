import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { progress } from './progress.mjs';
import { runProgram } from './run-program.mjs';

/** The compiler; `typescript` itself is what lint and the tests of the architecture read with (docs/adr/0022-two-compilers.md). */
export const TSC = 'node_modules/typescript-7/bin/tsc';

/** Compiles and bundles what has changed. */
export async function build(root) {
  await progress('building', async () => {
    const { code, output } = await runProgram(process.execPath, [TSC, '-b'], { cwd: root });
    if (code !== 0) throw new Error(`tsc -b failed:\n${output}`);
    await bundle(root);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(fileURLToPath(new URL('..', import.meta.url)));
