import { type Node, parseShell } from '../syntax/shell.ts';
import { maskPlaceholders } from './placeholder-signs.ts';

/** What one command does to shell variables, in the order in which the shell would do it. */
export type VariableEvent =
  | {
      readonly kind: 'read';
      readonly name: string;
      readonly start: number;
      readonly end: number;
      readonly fallback?: string;
    }
  | { readonly kind: 'write'; readonly name: string }
  /** `source .env`: from here on a variable may be set by that file. */
  | { readonly kind: 'source'; readonly file: string };

/** Variables that a shell or a login session always has, or sets as it goes. */
const ordinary = new Set(
  `HOME PATH USER PWD OLDPWD RANDOM SHELL HOSTNAME HOST UID EUID GID GROUPS PPID LANG LANGUAGE TERM EDITOR VISUAL PAGER TMPDIR TMP TEMP LOGNAME MAIL
  SECONDS LINENO IFS PS1 PS2 PS4 BASH FUNCNAME PIPESTATUS REPLY OPTARG OPTIND OPTERR COLUMNS LINES DISPLAY SHLVL HOSTTYPE OSTYPE MACHTYPE
  EPOCHSECONDS EPOCHREALTIME BASHPID DIRSTACK TZ SSH_CONNECTION SSH_CLIENT SSH_AUTH_SOCK SSH_TTY SUDO_USER XDG_CONFIG_HOME XDG_DATA_HOME
  XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR`.split(/\s+/),
);

/** True for variables that nobody has to be asked for. */
export function isOrdinaryVariable(name: string): boolean {
  return ordinary.has(name) || /^(?:\d+|BASH_\w+|LC_\w+|[?!$#@*_-])$/.test(name);
}

/** Reads which variables a shell command reads and writes. Empty for text too long to be parsed in bounded time. */
export function readVariables(text: string): readonly VariableEvent[] {
  if (
    text.length > 16_000 ||
    !/[$=]|\bread\b|\bfor\b|\bsource\b|^\s*\.\s|mapfile|readarray|getopts|\(\(/m.test(text)
  )
    return [];
  const events: VariableEvent[] = [];
  const tree = parseShell(maskPlaceholders(text));
  walk(tree.rootNode, text, events, 0);
  tree.delete();
  return events;
}

function walk(node: Node, text: string, events: VariableEvent[], depth: number): void {
  if (depth > 250) return;
  switch (node.type) {
    case 'comment':
    case 'raw_string':
      return;
    case 'variable_assignment': {
      const value = node.childForFieldName('value');
      if (value) walk(value, text, events, depth + 1);
      const name = node.childForFieldName('name')?.text.replace(/\[.*$/s, '');
      if (name && node.text.startsWith(`${name}+=`))
        read(node.childForFieldName('name')!, name, text, events);
      // `X=1 command` sets X for that command alone.
      if (name && node.parent?.type !== 'command') events.push({ kind: 'write', name });
      return;
    }
    case 'simple_expansion': {
      const name = node.namedChild(0)?.text ?? '';
      // Where the grammar mends an error it may stretch an expansion over other text.
      if (text.slice(node.startIndex, node.endIndex) === `$${name}`)
        events.push({ kind: 'read', name, start: node.startIndex, end: node.endIndex });
      return;
    }
    case 'expansion':
      expansion(node, text, events, depth);
      return;
    case 'for_statement':
    case 'select_statement': {
      for (const child of node.namedChildren)
        if (child && child.type !== 'do_group' && child.type !== 'variable_name')
          walk(child, text, events, depth + 1);
      const name = node.childForFieldName('variable')?.text;
      if (name) events.push({ kind: 'write', name });
      const body = node.childForFieldName('body');
      if (body) walk(body, text, events, depth + 1);
      return;
    }
    case 'subshell':
    case 'command_substitution':
    case 'process_substitution': {
      // What is set in there is gone behind the bracket, but covers the reads within.
      const inner: VariableEvent[] = [];
      for (const child of node.namedChildren) if (child) walk(child, text, inner, depth + 1);
      const set = new Set<string>();
      for (const event of inner) {
        if (event.kind === 'write') set.add(event.name);
        else if (event.kind === 'read' && !set.has(event.name)) events.push(event);
      }
      return;
    }
    case 'function_definition': {
      const inner: VariableEvent[] = [];
      for (const child of node.namedChildren) if (child) walk(child, text, inner, depth + 1);
      events.push(...inner);
      return;
    }
    case 'command':
      command(node, text, events, depth);
      return;
    case 'variable_name':
      // Bare names in arithmetic: $((count + 1)).
      if (
        /arithmetic|binary_expression|unary_expression|postfix_expression|parenthesized/.test(
          node.parent?.type ?? '',
        )
      )
        read(node, node.text, text, events);
      return;
    default:
      for (const child of node.namedChildren) if (child) walk(child, text, events, depth + 1);
  }
}

function read(node: Node, name: string, text: string, events: VariableEvent[]): void {
  if (text.slice(node.startIndex, node.endIndex).startsWith(name))
    events.push({ kind: 'read', name, start: node.startIndex, end: node.endIndex });
}

function expansion(node: Node, text: string, events: VariableEvent[], depth: number): void {
  const named = node.namedChildren.find(
    (child) => child?.type === 'variable_name' || child?.type === 'subscript',
  );
  const bare = named?.text.replace(/\[.*$/s, '') ?? '';
  // In `${<details>}` stands a placeholder, which was only masked as a name.
  const name = named && text.startsWith(bare, named.startIndex) ? bare : '';
  const shape = /^\$\{[#!]?[A-Za-z_]\w*(?:\[[^\]]*\])?(:?[-=?+])?(.*)\}$/s.exec(
    text.slice(node.startIndex, node.endIndex),
  );
  const fallback = shape?.[1]?.includes('-') || shape?.[1]?.includes('=') ? shape[2] : undefined;
  for (const child of node.namedChildren)
    if (child && child !== named && child.type !== 'variable_name') walk(child, text, events, depth + 1);
  // ${X:+…} asks whether X is set and does without it.
  if (name && !shape?.[1]?.includes('+'))
    events.push({
      kind: 'read',
      name,
      start: node.startIndex,
      end: node.endIndex,
      ...(fallback !== undefined && { fallback: fallback.replace(/^(["'])(.*)\1$/s, '$2') }),
    });
  if (name && shape?.[1]?.includes('=')) events.push({ kind: 'write', name });
}

/** Builtins that set what they name. */
function command(node: Node, text: string, events: VariableEvent[], depth: number): void {
  const words = node.namedChildren.filter((child) => child !== null && child.type !== 'file_redirect');
  for (const child of words) if (child) walk(child, text, events, depth + 1);
  const name = node.childForFieldName('name')?.text ?? '';
  const given = words
    .filter((child) => child && child.type !== 'command_name' && child.type !== 'variable_assignment')
    .map((child) => child!.text);
  if (name === 'read') {
    for (let at = 0; at < given.length; at++) {
      const word = given[at]!;
      if (/^-\w*[pntdui]$/.test(word)) at++;
      else if (/^[A-Za-z_]\w*$/.test(word)) events.push({ kind: 'write', name: word });
    }
  } else if (name === 'mapfile' || name === 'readarray') {
    const last = given[given.length - 1];
    if (last && /^[A-Za-z_]\w*$/.test(last)) events.push({ kind: 'write', name: last });
  } else if (name === 'printf' && given[0] === '-v' && given[1])
    events.push({ kind: 'write', name: given[1] });
  else if (name === 'getopts' && given[1]) events.push({ kind: 'write', name: given[1] });
  else if ((name === 'source' || name === '.') && given[0]) events.push({ kind: 'source', file: given[0] });
  else if (name === 'eval') events.push({ kind: 'source', file: 'eval' });
}
