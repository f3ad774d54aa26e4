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
  return parsed(text, mostRounds);
}

function parsed(text: string, rounds: number): Tree {
  if (!parser) throw new Error('loadShell must be awaited before parseShell');
  const tree = parser.parse(text);
  if (!tree) throw new Error('the shell grammar gave no tree');
  if (rounds === 0) return tree;
  const ends = severalAssignments.test(text) || mayRunOn(text) ? swallowedLineEnds(tree.rootNode, text) : [];
  const words = beforeBrace.test(text) ? wordsBeforeBraces(tree.rootNode) : [];
  if (ends.length === 0 && words.length === 0) return tree;
  tree.delete();
  const units = [...text.split('')];
  for (const at of ends) units[at] = ';';
  for (const { from, to } of words) units.fill(' ', from, to);
  return parsed(units.join(''), rounds - 1);
}

/** `! {`, `time {` and `time -p {`. */
const beforeBrace = /(?:!|\btime(?:\s+-p)?)\s+\{\s/;

/**
 * Where the grammar takes the brace of a group behind `!` or `time` for the name of a command, or for an argument: the
 * words in front of it, which change nothing of what the group does. With blanks in their place it is a group, and every
 * offset stays what it was.
 */
function wordsBeforeBraces(root: Node): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const node of root.descendantsOfType('command')) {
    const [first, ...rest] = node?.children.filter((child) => child !== null) ?? [];
    if (!node || !first) continue;
    const before = node.previousSibling;
    if (first.text === '{' && before?.type === '!')
      found.push({ from: before.startIndex, to: before.endIndex });
    const brace = rest.find(({ text }) => text !== '-p');
    if ((first.text === 'time' || first.text === '!') && brace?.text === '{')
      found.push({ from: first.startIndex, to: brace.startIndex });
  }
  return found;
}

/** An assignment behind a blank: without one no line end can be swallowed. */
const severalAssignments = /[ \t][A-Za-z_]\w*\+?=/;

/** One that no backslash takes away. */
const lineEnd = /(?<!\\)\n/;

/** Without a pipe or a redirection, and a second line, none of them is taken into another. */
function mayRunOn(text: string): boolean {
  return text.includes('\n') && /[<>|]/.test(text);
}

/** Mending one line end may show another; there are never many. */
const mostRounds = 20;

/**
 * Where the grammar takes the end of a line for a space: behind several assignments on one line (`A=1 B=2`), it makes
 * the next line the command that they stand in front of, and behind `a | b | c` or a redirection it makes the words of
 * the next line arguments of the last command, or further names of the file. A semicolon in the place of that line end
 * ends the statement as the shell does, and every offset stays what it was.
 */
function swallowedLineEnds(root: Node, text: string): readonly number[] {
  const ends: number[] = [];
  for (const node of root.descendantsOfType(ofOneLine)) {
    if (!node) continue;
    const children = node.children.filter((child) => child !== null);
    for (const [index, child] of children.entries()) {
      const next = children[index + 1];
      // The lines of a heredoc stand between what they belong to and the rest.
      if (!next || child.type === 'comment' || /heredoc/.test(next.type + child.type)) continue;
      const between = lineEnd.exec(text.slice(child.endIndex, next.startIndex));
      if (between) ends.push(child.endIndex + between.index);
      // A comment on the same line ends the statement too; the blank before it is where the semicolon goes.
      else if (next.type === 'comment' && /[ \t]/.test(text[child.endIndex] ?? '')) ends.push(child.endIndex);
    }
  }
  return ends;
}

/** What bash reads from one line, apart from quotes, brackets and a backslash at its end. */
const ofOneLine = [
  'command',
  'variable_assignments',
  'declaration_command',
  'unset_command',
  'file_redirect',
  'herestring_redirect',
  'redirected_statement',
];
