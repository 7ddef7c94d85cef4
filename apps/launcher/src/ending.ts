import type { ManagementPlane } from '@caravan/installation';
import type { Told } from './story/story.js';

/** What a newcomer sees last: the answer, how it came, and where to go on. */
export function closingWords(
  plane: Pick<ManagementPlane, 'apiUrl' | 'tokenFile'>,
  told: Told | undefined,
  { cli, once }: { readonly cli: string; readonly once: boolean },
): string {
  const story = told ? [...answerLines(told), ''] : [];
  // With --once nothing is there any more by the time it could be tried.
  return [...story, ...(once ? [] : tryNext(plane, told, cli))].join('\n');
}

function tryNext(plane: Pick<ManagementPlane, 'apiUrl' | 'tokenFile'>, told: Told | undefined, cli: string): string[] {
  return [
    `  API        ${plane.apiUrl}   (documentation: ${new URL('/api/docs/', plane.apiUrl).href})`,
    `  Token      ${plane.tokenFile}`,
    '',
    '  Try next, in another terminal:',
    `    export CARAVAN_URL=${plane.apiUrl} CARAVAN_TOKEN_FILE=${plane.tokenFile}`,
    `    alias caravan="node ${cli}"`,
    ...toTry(told).map((command) => `    ${command}`),
    '    caravan status',
    '',
  ];
}

function toTry(told: Told | undefined): string[] {
  if (!told) return ['caravan create backbone demo'];
  if (!told.answer) return ['caravan get backbone-sites --backbone demo', 'caravan get members --network retail'];
  const invite = 'caravan invite retail kiosk --out kiosk.json && caravan join kiosk.json';
  return [`curl ${told.url}`, 'caravan get members --network retail', invite];
}

function answerLines({ answer, path, absent }: Told): string[] {
  if (!answer) {
    const who =
      absent.length > 0
        ? `  Without ${absent.join(' and ')} there is no answer; everything else runs.`
        : '  There is no answer any more: something that it came by was changed since. Everything runs.';
    return ['', who, '  All from the beginning, which forgets what was made since: npm start -- --reset'];
  }
  const hops = path.flatMap(({ site, to, certificates }) => [
    `    ${site.padEnd(8)} -> ${to}`,
    ...certificates.map(({ subject, notAfter }) => `${' '.repeat(14)}${subject}  (until ${notAfter})`),
  ]);
  return [
    '',
    `  The answer: ${answer.status} ${answer.body.trim()}`,
    '',
    '  The path it took, and who proved what on each link:',
    ...hops,
  ];
}
