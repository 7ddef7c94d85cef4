/** What `accept-log` prints for whoever accepts: the position and the hash of the log's end. */
const CALL = /--sequence \d+ --hash \w+/;
/** From there on it says how one service is told; here both are at once. */
const FOR_ONE_SERVICE = / To accept it nevertheless:[\s\S]*$/;

/** Pure: what a service's look found. */
export const foundText = (writer: string, words: string): string =>
  `\n  ${writer}:\n\n${words.replace(FOR_ONE_SERVICE, '').trimEnd().replaceAll(/^/gm, '    ')}`;

/** Pure: what to type after a look, from what the services told. `start`: how this installation is started. */
export function nextText(told: readonly string[], start: string): string {
  const calls = new Set(told.flatMap((words) => CALL.exec(words)?.[0] ?? []));
  if (calls.size === 0) return `\n  There is nothing to accept: ${start}\n`;
  return `
  To accept it nevertheless, for both services, and have the lists made anew from it:

${[...calls].map((call) => `    ${withOptions(start, `--accept-log ${call} --by <who> --reason <why>`)}`).join('\n')}
`;
}

/** `npm start`, or `npm start -- --state <dir>`, with more options. */
export const withOptions = (start: string, options: string): string =>
  `${start}${start.includes(' -- ') ? '' : ' --'} ${options}`;
