import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

export type { Node, Tree };

let parser: Parser | undefined;

/**
 * Makes `parseShell` ready. The caller brings the bytes (this room reads no files): `engine` is
 * web-tree-sitter's own wasm, `grammar` that of tree-sitter-bash. Calling it again does nothing.
 */
export async function loadShell(engine: Uint8Array, grammar: Uint8Array): Promise<void> {
  if (parser) return;
  await Parser.init({ wasmBinary: engine });
  const made = new Parser();
  made.setLanguage(await Language.load(grammar));
  parser = made;
}

export function isShellLoaded(): boolean {
  return parser !== undefined;
}

/**
 * The syntax tree of a piece of bash. Error-tolerant: always a tree, `tree.rootNode.hasError` tells. Node
 * offsets (`startIndex`, `endIndex`) count UTF-16 code units of the text. The caller calls `tree.delete()`.
 * Throws an Error where `loadShell` has not been awaited.
 */
export function parseShell(text: string): Tree {
  if (!parser) throw new Error('loadShell must be awaited before parseShell');
  const tree = parser.parse(text);
  if (!tree) throw new Error('the shell grammar gave no tree');
  return tree;
}
