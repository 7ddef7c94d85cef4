import { execFile } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@caravan/testing/installation';
import type { Stage } from './stage.js';

const CARAVAN = join(workspaceRoot, 'apps/cli/bin/caravan.mjs');

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function caravan(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CARAVAN, ...args], { timeout: 30_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
      resolve({ code, text: stdout + stderr });
    });
  });
}

/** Files as people hand them in, given to the real command line: each ends with words and the exit code of a wrong command line. */
export async function handedIn({ installation, invitation: { file } }: Stage): Promise<string[]> {
  const dir = join(installation.state.root, 'handed-in');
  mkdirSync(dir);
  const at = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const huge = at('huge.json', ' ');
  truncateSync(huge, 100 * 1_048_576);
  const files = [
    at('text.json', 'Dear customer,'),
    at('half.json', JSON.stringify(file).slice(0, 1_000)),
    at('future.json', JSON.stringify({ ...file, version: 2 })),
    at('escape.json', JSON.stringify({ ...file, ['\u001b]0;owned\u0007']: 1 })),
    huge,
    dir,
    '/dev/zero',
    join(dir, 'nothing-here.json'),
  ];
  const ended = await Promise.all(
    files.map(async (each) => ({ each, ...(await caravan('join', each, '--dir', join(dir, 'site'))) })),
  );
  return ended.flatMap(({ each, code, text }) => [
    ...(code === 2 ? [] : [`${each}: exit code ${code}: ${text.slice(0, 300)}`]),
    ...(text.length > 10 && text.length < 3_000 ? [] : [`${each}: ${text.length} characters of words`]),
    ...(/\n\s+at |node:internal/.test(text) ? [`${each}: a stack: ${text.slice(0, 300)}`] : []),
    // eslint-disable-next-line no-control-regex -- a terminal would obey
    ...(/[\u0007\u001b]/.test(text) ? [`${each}: an escape`] : []),
  ]);
}
