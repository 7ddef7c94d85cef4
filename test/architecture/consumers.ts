import ts from 'typescript';
import { importsOf, isRelative, resolved } from './code/imports.js';
import { nodesOf, parse, placeOf } from './code/syntax.js';
import type { Source } from './code/workspace.js';

/** The one room that may create consumers of the log. */
export const CONSUMER_ROOM = 'libs/event-store/src/jetstream/';

/** The three kinds; a fourth needs an ADR. */
export const KINDS = ['Fold', 'ProjectionRunner', 'ReactionConsumer'];
/** What else that room exports and reads the log with, and follows nothing: a stream is read to its end. */
export const READERS = ['JetStreamEventStore'];
/** What the kinds are made of; whoever else used it would be a fourth kind. */
const PARTS = ['feedLog'];

const MAKERS = new Set([
  'consumers',
  'getConsumerFromInfo',
  'AckPolicy',
  'OrderedConsumer',
  'orderedConsumer',
  ...PARTS,
]);

/** Where a file could create a consumer, or get at one, in words. */
export const consumersIn = (file: Source): string[] =>
  [...nodesOf(parse(file))].flatMap((node) => {
    const said = makerIn(node);
    return said === undefined ? [] : `${placeOf(node)} has ${said}`;
  });

function makerIn(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return /\$?JS\..*\bCONSUMER\b/.test(node.text) ? node.text : undefined;
  const named =
    ts.isPropertyAccessExpression(node) || ts.isImportSpecifier(node) || ts.isBindingElement(node) ? node : undefined;
  if (!named) return undefined;
  const original = 'propertyName' in named && named.propertyName ? named.propertyName : named.name;
  return ts.isIdentifier(original) && MAKERS.has(original.text) ? original.text : undefined;
}

/** The values that an index file exports from files which create a consumer, or import one that does. */
export function exportedFollowers(index: Source, files: readonly Source[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const follows = new Map<string, boolean>();
  const doesFollow = (path: string): boolean => {
    const known = follows.get(path);
    if (known !== undefined) return known;
    follows.set(path, false); // until shown otherwise, so that a ring of imports ends
    const file = byPath.get(path);
    const found =
      file !== undefined &&
      (consumersIn(file).length > 0 || importsOf(file).some((to) => isRelative(to) && doesFollow(resolved(path, to))));
    follows.set(path, found);
    return found;
  };
  return [...nodesOf(parse(index))]
    .filter(ts.isExportDeclaration)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .filter(({ moduleSpecifier }) => doesFollow(resolved(index.path, (moduleSpecifier as ts.StringLiteral).text)))
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : ['*'],
    )
    .sort();
}
