import { isShellLoaded, type Node, parseShell } from '../syntax/shell.ts';
import type { Look } from './line.ts';

/** A stretch of a command with a look; offsets are UTF-16 code units, half open. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly look: Look;
}

/** The quiet looks of a command: what is done stands out, what it is done with less, what is only said least. */
const said: Look = { tone: 'good' };
const filled: Look = { tone: 'accent' };
const named: Look = { bold: true };
const aside: Look = { dim: true };

/** Longer commands are shown without colours rather than late. */
const longest = 20_000;

/**
 * How the stretches of a command look, from its syntax: commands and keywords bold, variables, strings, comments. In
 * order and without overlaps; what no stretch holds is plain. Shell by its grammar (tree-sitter), SQL by its lexical
 * structure (PostgreSQL's manual, 4.1). Nothing where the grammar is not loaded.
 */
export function stretchesOf(text: string, language: 'shell' | 'sql'): readonly Stretch[] {
  if (text.length > longest || (language === 'shell' && !isShellLoaded())) return [];
  const key = `${language}\n${text}`;
  const known = kept.get(key);
  if (known) return known;
  const read = language === 'sql' ? sqlStretches(text) : shellStretches(text);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, read);
  return read;
}

/** A screen is drawn ten times a second; what stands on it is parsed once. */
const kept = new Map<string, readonly Stretch[]>();
const mostKept = 64;

function shellStretches(text: string): readonly Stretch[] {
  const tree = parseShell(text);
  try {
    const found: Stretch[] = [];
    walk(tree.rootNode, found);
    return found;
  } finally {
    tree.delete();
  }
}

function walk(node: Node, found: Stretch[]): void {
  const look = lookOf(node);
  if (look && node.childCount === 0) {
    found.push({ start: node.startIndex, end: node.endIndex, look });
    return;
  }
  if (look === undefined || node.childCount === 0) {
    for (const child of node.children) if (child) walk(child, found);
    return;
  }
  // A string around variables: the variables keep their own look.
  let at = node.startIndex;
  for (const child of node.children) {
    if (!child || !isExpansion(child)) continue;
    if (child.startIndex > at) found.push({ start: at, end: child.startIndex, look });
    walk(child, found);
    at = child.endIndex;
  }
  if (node.endIndex > at) found.push({ start: at, end: node.endIndex, look });
}

function isExpansion({ type }: Node): boolean {
  return type === 'simple_expansion' || type === 'expansion' || type === 'command_substitution';
}

const keywords: ReadonlySet<string> = new Set(
  'if then elif else fi for while until do done case esac in function'.split(' '),
);

function lookOf(node: Node): Look | undefined {
  switch (node.type) {
    case 'comment':
      return aside;
    case 'command_name':
      return named;
    case 'string':
    case 'raw_string':
    case 'ansi_c_string':
    case 'heredoc_body':
      return said;
    // As one piece: what stands within may be the name of a secret.
    case 'simple_expansion':
    case 'expansion':
    case 'variable_name':
      return filled;
    default:
      return keywords.has(node.type) ? named : undefined;
  }
}

const sqlToken =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*'|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<variable>:['"]?\w+['"]?|\$\d+)|(?<word>"(?:[^"]|"")*"|[A-Za-z_]\w*)|(?<meta>^\s*\\\w+)/gm;
/** The words that begin a statement or say what it hits. */
const sqlKeywords =
  /^(?:alter|analyze|and|as|begin|by|call|cascade|case|commit|copy|create|database|delete|drop|end|explain|extension|from|grant|group|having|if|in|index|insert|into|is|join|limit|lock|not|null|on|or|order|owner|reassign|reindex|rename|restrict|returning|revoke|rollback|role|schema|select|sequence|set|show|table|terminate|then|to|truncate|union|update|using|vacuum|values|view|when|where|with)$/i;

function sqlStretches(text: string): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const match of text.matchAll(sqlToken)) {
    const { comment, string, variable, word, meta } = match.groups ?? {};
    const look =
      comment !== undefined
        ? aside
        : string !== undefined
          ? said
          : variable !== undefined
            ? filled
            : meta !== undefined || (word !== undefined && sqlKeywords.test(word))
              ? named
              : undefined;
    if (look) found.push({ start: match.index, end: match.index + match[0].length, look });
  }
  return found;
}
