import ts from 'typescript';
import type { Source } from './workspace.js';

export const parse = ({ path, text }: Source): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);

/** Every node of a file, the file itself first; without the tokens between them, which are most of what `getChildren()` makes. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes = [node];
  for (let at = 0; at < nodes.length; at++) ts.forEachChild(nodes[at]!, (child) => void nodes.push(child));
  return nodes;
}

/** `path:line` of a node. */
export const placeOf = (node: ts.Node): string => {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};
