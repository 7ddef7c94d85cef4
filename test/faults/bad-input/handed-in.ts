import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Operator } from '../looking-after/operator.js';
import type { Stage } from './stage.js';

/** Files as people hand them in, given to the real command line: each ends with words and the exit code of a wrong command line. */
export async function handedIn({ installation, scene, invitation: { file } }: Stage): Promise<string[]> {
  const operator = new Operator(installation, scene.api);
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
    files.map(async (each) => {
      const { code, stdout, stderr } = await operator.caravan('join', each, '--dir', join(dir, 'site'));
      return { each, code, text: stdout + stderr };
    }),
  );
  return ended.flatMap(({ each, code, text }) => [
    ...(code === 2 ? [] : [`${each}: exit code ${code}: ${text.slice(0, 300)}`]),
    ...(text.length > 10 && text.length < 3_000 ? [] : [`${each}: ${text.length} characters of words`]),
    ...(/\n\s+at |node:internal/.test(text) ? [`${each}: a stack: ${text.slice(0, 300)}`] : []),
    // eslint-disable-next-line no-control-regex -- a terminal would obey
    ...(/[\u0007\u001b]/.test(text) ? [`${each}: an escape`] : []),
  ]);
}
