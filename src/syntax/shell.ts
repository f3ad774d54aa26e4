import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

export type { Node, Tree };

let parser: Parser | undefined;
let loading: Promise<void> | undefined;

/**
 * Makes `parseShell` ready. The caller brings the bytes (this room reads no files): `engine` is
 * web-tree-sitter's own wasm, `grammar` that of tree-sitter-bash. Calling it again, even before it is done, loads
 * nothing twice: a second engine would leave the first one's parser without a memory to work in.
 */
export function loadShell(engine: Uint8Array, grammar: Uint8Array): Promise<void> {
  loading ??= load(engine, grammar).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(engine: Uint8Array, grammar: Uint8Array): Promise<void> {
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
