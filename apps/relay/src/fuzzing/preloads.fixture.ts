/** What Node runs in a relay before the relay: its arguments. */
const preload = (script: string): readonly string[] => ['--import', moduleOf(script)];
const moduleOf = (script: string): string => `data:text/javascript,${encodeURIComponent(script)}`;

/** `SIGUSR2`: collects garbage, then says on a line of its own what keeps the process alive, and how many sessions are in memory. */
export const COLLECTS: readonly string[] = [
  '--expose-gc',
  '--disable-warning=ExperimentalWarning', // queryObjects
  ...preload(`
    import { connect, performServerHandshake } from 'node:http2';
    import { Duplex } from 'node:stream';
    import { queryObjects } from 'node:v8';
    // Node exports what makes sessions of either role, not their classes.
    const nobody = () => new Duplex({ read() {}, write: (data, encoding, done) => done() });
    const made = () => [connect('http://nobody', { createConnection: nobody }), performServerHandshake(nobody())];
    const classes = made().map((session) => (session.destroy(), session.constructor));
    process.on('SIGUSR2', () => {
      globalThis.gc();
      globalThis.gc();
      const handles = process.getActiveResourcesInfo().length;
      const sessions = classes.reduce((sum, role) => sum + queryObjects(role, { format: 'count' }), 0);
      process.stdout.write(JSON.stringify({ handles, sessions }) + '\\n');
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

/** The relay with another module in the place of one of its own: not its bundle, in which there are none. */
const instead = (file: string, source: string): readonly string[] =>
  preload(`
    import { register } from 'node:module';
    register(${JSON.stringify(
      moduleOf(`
        const source = ${JSON.stringify(source)};
        export const resolve = (specifier, context, next) => next(specifier.replace('/bundle/main.js', '/dist/main.js'), context);
        export const load = (url, context, next) =>
          url.endsWith('/dist/${file}') ? { format: 'module', source, shortCircuit: true } : next(url, context);
      `),
    )});
  `);

/** A relay without what links/break-off.ts is for. */
export const DESTROYS_WHILE_NODE_CLOSES = instead(
  'links/break-off.js',
  `export const breakOff = (stream, why = 'reset') => void stream.destroy(new Error(why));`,
);

/** A relay without what links/let-go-of-stack.ts is for. */
export const KEEPS_STACKS = instead('links/let-go-of-stack.js', 'export const letGoOfStack = () => undefined;');
