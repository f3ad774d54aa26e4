import { type Heredoc, liftHeredocs } from '../syntax/heredoc.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import { type SqlPlace, sqlPlaces } from './sql-place.ts';

/** What a place in a shell text is in: decides how a value is written there as one piece of text. */
export type ShellPlace =
  | { readonly in: 'word' | 'single quotes' | 'double quotes' | 'dollar quotes' | 'comment' }
  | { readonly in: 'heredoc'; readonly heredoc: HeredocPlace; readonly sql?: SqlPlace }
  /** Text for which one way of writing cannot be told: only values that need none may stand there. */
  | { readonly in: 'unclear'; readonly why: string; readonly plain: RegExp };

export interface HeredocPlace extends Heredoc {
  readonly delimiter: string;
  /** `<<-`: tabs at the beginning of lines are dropped. */
  readonly tabs: boolean;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const word = /^[\w@%+:./-]+$/;

/**
 * What each stretch of a shell text stands in, by the syntax tree. The stretches must look like parts of words
 * (letters in the place of a placeholder). Where the text as a whole does not parse, every place is `unclear`: nobody
 * then knows where its quotes end.
 */
export function shellPlaces(text: string, stretches: readonly Stretch[]): readonly ShellPlace[] {
  const lifted = liftHeredocs(text);
  const tree = parseShell(lifted.text);
  const root = tree.rootNode;
  const places = stretches.map((stretch): ShellPlace => {
    if (root.hasError) return { in: 'unclear', why: 'the command does not read as shell', plain: word };
    const heredoc = lifted.heredocs.find(({ start, end }) => start <= stretch.start && stretch.end <= end);
    return heredoc ? placeInHeredoc(text, stretch, heredoc, lifted.text, root) : placeInTree(root, stretch);
  });
  tree.delete();
  return places;
}

function placeInTree(root: Node, { start, end }: Stretch): ShellPlace {
  let found: ShellPlace | undefined;
  let outside = false;
  for (let node = root.descendantForIndex(start, end - 1); node; node = node.parent) {
    if (node.type === 'command_substitution' || node.type === 'process_substitution') {
      if (node.text.startsWith('`'))
        return { in: 'unclear', why: 'backquotes take backslashes away; write $( … ) instead', plain: word };
      outside = true;
    }
    if (node.type === 'command' && readAgain(node, start)) return again;
    if (outside) continue;
    found = unclear(node) ?? found ?? quotes(node);
    if (found?.in === 'unclear') return found;
    // The body of a loop is no part of the arithmetic in its head.
    if (node.type === 'do_group') outside = true;
  }
  return found ?? { in: 'word' };
}

function quotes(node: Node): ShellPlace | undefined {
  switch (node.type) {
    case 'raw_string':
      return { in: 'single quotes' };
    case 'string':
      return { in: 'double quotes' };
    case 'ansi_c_string':
      return { in: 'dollar quotes' };
    case 'comment':
      return { in: 'comment' };
    default:
      return undefined;
  }
}

function unclear(node: Node): ShellPlace | undefined {
  switch (node.type) {
    case 'expansion':
    case 'simple_expansion':
      return { in: 'unclear', why: 'it is a part of a variable’s expansion', plain: /^[\w@:./-]+$/ };
    case 'compound_statement':
      return node.text.startsWith('((') ? arithmetic : undefined;
    case 'arithmetic_expansion':
    case 'c_style_for_statement':
    case 'subscript':
    case 'brace_expression':
      return arithmetic;
    case 'heredoc_body':
      return { in: 'unclear', why: 'where this heredoc ends cannot be told', plain: word };
    default:
      return undefined;
  }
}

const again: ShellPlace = {
  in: 'unclear',
  why: 'the words there are read a second time, by another shell',
  plain: word,
};

const arithmetic: ShellPlace = { in: 'unclear', why: 'a number or a name is needed there', plain: /^-?\w+$/ };

/** `ssh host rm <folder>`, `eval …`, `bash -c '…'`: what one shell took for one word is split by the next one. */
function readAgain(command: Node, at: number): boolean {
  let shell = false;
  for (const child of command.namedChildren) {
    if (!child || child.startIndex >= at || child.endIndex > at) break;
    const name = child.text.slice(child.text.lastIndexOf('/') + 1);
    if (/^(eval|ssh)$/.test(name) || (shell && /^-\w*c$/.test(name))) return true;
    shell ||= /^((ba|da|k|z|a)?sh|su)$/.test(name);
  }
  return false;
}

function placeInHeredoc(
  text: string,
  stretch: Stretch,
  heredoc: Heredoc,
  lifted: string,
  root: Node,
): ShellPlace {
  if (!heredoc.quoted && inExpansion(text.slice(heredoc.start, heredoc.end), stretch.start - heredoc.start))
    return { in: 'unclear', why: 'it is a part of an expansion in a heredoc', plain: word };
  const operator = lifted.indexOf(heredoc.mark);
  const line = text.indexOf('\n', heredoc.end);
  const tabs = text.startsWith('<<-', operator - 1);
  const last = text.slice(heredoc.end, line < 0 ? text.length : line);
  const reader = readerOf(root, operator);
  if (reader === 'shell') return again;
  const [sql] =
    reader === 'sql'
      ? sqlPlaces(text.slice(heredoc.start, heredoc.end), [stretch.start - heredoc.start])
      : [];
  return {
    in: 'heredoc',
    heredoc: { ...heredoc, tabs, delimiter: tabs ? last.replace(/^\t+/, '') : last },
    ...(sql ? { sql } : {}),
  };
}

/** Inside `$( … )`, backquotes or `${ … }` of an unquoted heredoc, whose text is otherwise like double quotes'. */
function inExpansion(body: string, at: number): boolean {
  if (!/[$`]/.test(body)) return false;
  const tree = parseShell(`"${body.replaceAll('"', 'x')}"`);
  let found = tree.rootNode.hasError;
  for (let node = tree.rootNode.descendantForIndex(at + 1); node && !found; node = node.parent)
    found = /substitution|expansion/.test(node.type);
  tree.delete();
  return found;
}

/** What the command that a heredoc feeds takes it for; psql and shells also behind `sudo`, `docker exec` and the like. */
function readerOf(root: Node, at: number): 'sql' | 'shell' | undefined {
  for (let node = root.descendantForIndex(at); node; node = node.parent) {
    if (node.type !== 'redirected_statement' && node.type !== 'command') continue;
    const command =
      node.type === 'command' ? node : node.childForFieldName('body')?.descendantsOfType('command').at(-1);
    const words = command?.namedChildren.map((child) => child?.text ?? '') ?? [];
    if (words.some((text) => /^(.*\/)?psql$/.test(text))) return 'sql';
    return words.some((text) => /^(.*\/)?((ba|da|k|z|a)?sh|ssh|su)$/.test(text)) ? 'shell' : undefined;
  }
  return undefined;
}

/** Words that mean something else to the shell where a command begins. */
const reserved = /^(if|then|elif|else|fi|for|while|until|do|done|case|esac|in|select|function|time|coproc)$/;

/**
 * A value as it is written there so that the shell takes it for exactly one piece of text; undefined where that
 * cannot be done.
 */
export function inShell(value: string, place: ShellPlace): string | undefined {
  switch (place.in) {
    case 'word':
      return word.test(value) && !reserved.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
    case 'single quotes':
      return value.replaceAll("'", `'\\''`);
    case 'double quotes':
      return value.replace(/[\\"$`]/g, '\\$&');
    case 'dollar quotes':
      return value.replace(/[\\']/g, '\\$&');
    case 'comment':
      return value.replace(/[\r\n]+/g, ' ');
    case 'heredoc':
      return place.heredoc.quoted ? value : value.replace(/[\\$`]/g, '\\$&');
    case 'unclear':
      return place.plain.test(value) ? value : undefined;
  }
}

/** A reference to a variable as it is written there; undefined where the shell would not put the value in. */
export function referenceInShell(variable: string, place: ShellPlace): string | undefined {
  switch (place.in) {
    case 'word':
      return `"\${${variable}}"`;
    case 'single quotes':
      return `'"\${${variable}}"'`;
    case 'double quotes':
      return `\${${variable}}`;
    case 'dollar quotes':
      return `'"\${${variable}}"$'`;
    case 'heredoc':
      return place.heredoc.quoted || place.sql ? undefined : `\${${variable}}`;
    case 'comment':
    case 'unclear':
      return undefined;
  }
}
