/** What Node runs in a relay before the relay: its arguments. */
const preload = (script: string): readonly string[] => ['--import', moduleOf(script)];
const moduleOf = (script: string): string => `data:text/javascript,${encodeURIComponent(script)}`;

/** `SIGUSR2`: collects garbage, then says on a line of its own what keeps the process alive. */
export const COLLECTS: readonly string[] = [
  '--expose-gc',
  ...preload(`
    process.on('SIGUSR2', () => {
      globalThis.gc();
      globalThis.gc();
      process.stdout.write(JSON.stringify({ handles: process.getActiveResourcesInfo() }) + '\\n');
    });
  `),
];

/** A relay that leaks: it keeps whatever any event says, and a descriptor for each connection. */
export const KEEPS_EVERYTHING = preload(`
  import { EventEmitter } from 'node:events';
  import { openSync } from 'node:fs';
  const kept = [];
  const emit = EventEmitter.prototype.emit;
  EventEmitter.prototype.emit = function (event, ...said) {
    kept.push(said);
    if (event === 'secureConnection') kept.push(openSync('/dev/null'));
    return emit.call(this, event, ...said);
  };
`);

/** A relay without what links/break-off.ts is for. */
export const DESTROYS_WHILE_NODE_CLOSES = preload(`
  import { register } from 'node:module';
  register(${JSON.stringify(
    moduleOf(`
      const source = 'export const breakOff = (stream, why = "reset") => void stream.destroy(new Error(why));';
      export const load = (url, context, next) =>
        url.endsWith('/links/break-off.js') ? { format: 'module', source, shortCircuit: true } : next(url, context);
    `),
  )});
`);
