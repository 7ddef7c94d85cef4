import ts from 'typescript';
import { importsOf } from './code/imports.js';
import { nodesOf, parse, placeOf } from './code/syntax.js';
import type { Source } from './code/workspace.js';

/** Rooms in which everything is a function of its arguments. */
const PURE_ROOMS = [
  'libs/events/src/',
  'libs/api/src/',
  'libs/event-store/src/',
  'libs/pki/src/',
  'libs/data-plane/src/',
  'apps/router-config/src/compiling/',
  'apps/router-config/src/model/',
  'apps/router-config/src/revisions/',
];

/** The edges of those rooms, and why each may be there. */
export const EDGES: Readonly<Record<string, string>> = {
  'libs/event-store/src/jetstream/': 'the adapter that speaks to JetStream: an export of its own',
  'libs/data-plane/src/relay-client/': 'speaks to a relay over its Unix socket: an export of its own',
  'libs/pki/src/randomness.ts': 'the one file that draws randomness: keys are made where they are used',
  'libs/api/src/client.ts': 'sends requests: `fetch` is a default of an argument, and every answer has a deadline',
};

export const isEdge = (path: string): boolean => Object.keys(EDGES).some((edge) => path.startsWith(edge));

/** Deciders and projections are pure wherever they are: the log is decided and read the same way for ever. */
export const isPure = ({ path, text }: Source): boolean =>
  !isEdge(path) && (PURE_ROOMS.some((room) => path.startsWith(room)) || /\bDecider<|\bdefineProjection</.test(text));

const WORLDLY_MODULES =
  /^(@nestjs\/|@nats-io\/|typeorm$|pg$|pino$|prom-client$|node:(fs|net|tls|dns|dgram|http|https|http2|child_process|worker_threads|timers|os|process|perf_hooks)(\/|$))/;
const WORLDLY_GLOBALS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'process',
  'performance',
  'console',
]);
const WORLDLY_MEMBERS = new Set(['Date.now', 'Math.random', 'AbortSignal.timeout']);
const RANDOM = /^(random(UUID|Bytes|Int|Fill|FillSync)|generateKey(Pair)?(Sync)?|getRandomValues)$/;

/** Where a file reads a clock, draws randomness, waits, or touches the world, in words. */
export function impurities(file: Source): string[] {
  const modules = importsOf(file).filter((specifier) => WORLDLY_MODULES.test(specifier));
  const uses = [...nodesOf(parse(file))].flatMap((node) => {
    const word = worldly(node);
    return word === undefined ? [] : `${placeOf(node)} uses ${word}`;
  });
  return [...modules.map((specifier) => `${file.path} imports ${specifier}`), ...uses];
}

function worldly(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    const now = node.expression.getText() === 'Date' && (ts.isCallExpression(node) || !node.arguments?.length);
    return now ? 'the time of day' : undefined;
  }
  if (ts.isPropertyAccessExpression(node)) {
    return WORLDLY_MEMBERS.has(node.getText()) || RANDOM.test(node.name.text) ? node.getText() : undefined;
  }
  if (ts.isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    // A name that comes from a file of ours is that file's to explain.
    const ours = node.parent.parent.parent.moduleSpecifier.getText().slice(1).startsWith('.');
    return !ours && RANDOM.test(name) ? name : undefined;
  }
  return ts.isIdentifier(node) && WORLDLY_GLOBALS.has(node.text) && isValue(node) ? node.text : undefined;
}

/** Whether it is used, and not the name of a member or of something local that is called so. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeQueryNode(parent)) return false;
  return (parent as { name?: ts.Node }).name !== node;
}
