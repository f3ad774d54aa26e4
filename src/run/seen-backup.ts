import { type Node, parseShell } from '../syntax/shell.ts';
import { archiveReadWhole, argumentsOfDump } from './dump-command.ts';
import { knownValues } from './known-values.ts';
import { type SimpleCommand, wordsOf } from './simple-command.ts';
import type { RunState } from './state.ts';

/** A backup that a standard command made or read to its end, as its text says. */
export interface SeenBackup {
  readonly action: 'created' | 'verified';
  /** With the values of variables that are known; what a command puts in (`$(date …)`) stands as it was written. */
  readonly file: string;
  /** As pg_dump calls it. */
  readonly format?: string;
}

const formats: Readonly<Record<string, string>> = { c: 'custom', d: 'directory', t: 'tar', p: 'plain' };

/**
 * The backups in a shell text that succeeded: what `pg_dump` and `pg_dumpall` wrote to a file, by `-f` or by `>`, and
 * what `pg_restore -f /dev/null` read whole. `state` is that after the command. For the record only: what counts as a
 * safety backup is decided elsewhere, and more strictly. The shell grammar must be loaded.
 */
export function seenBackups(state: RunState, text: string): readonly SeenBackup[] {
  if (!/\bpg_(?:dump|dumpall|restore)\b/.test(text)) return [];
  const { values, functions } = knownValues(state);
  // What goes by the name of the tool is something else.
  if (Object.keys(functions).some((name) => /^pg_(?:dump|dumpall|restore)$/.test(name))) return [];
  const tree = parseShell(text);
  const found: SeenBackup[] = [];
  const visit = (node: Node, into: string | undefined): void => {
    if (node.type === 'function_definition') return;
    const to = node.type === 'redirected_statement' ? (destination(node) ?? into) : into;
    if (node.type === 'command') found.push(...ofCommand(node, to));
    for (const child of node.namedChildren) if (child) visit(child, to);
  };
  visit(tree.rootNode, undefined);
  tree.delete();
  return found.map((one) => ({ ...one, file: withValues(one.file, values) }));
}

function ofCommand(node: Node, into: string | undefined): readonly SeenBackup[] {
  const { tool, words } = unwrapped(wordsOf(node));
  switch (tool) {
    case 'pg_dump':
    case 'pg_dumpall': {
      const { file = into, format } = argumentsOfDump(words);
      // What goes to /dev/null or to another program is no backup that anybody could name.
      if (file === undefined || file.startsWith('/dev/')) return [];
      const known = tool === 'pg_dumpall' ? 'all databases' : (formats[format?.[0] ?? 'p'] ?? format);
      return [{ action: 'created', file, ...(known === undefined ? {} : { format: known }) }];
    }
    case 'pg_restore': {
      const file = archiveReadWhole(words);
      return file === undefined ? [] : [{ action: 'verified', file }];
    }
    default:
      return [];
  }
}

const wrappers =
  /^(?:sudo|doas|env|time|nice|ionice|nohup|timeout|docker|docker-compose|podman|kubectl|railway)$/;

/** The command inside of one that runs another: `sudo -u postgres pg_dump …`. */
function unwrapped({
  tool,
  words,
}: Pick<SimpleCommand, 'tool' | 'words'>): Pick<SimpleCommand, 'tool' | 'words'> {
  if (!wrappers.test(tool)) return { tool, words };
  const at = words.findIndex((word) => /(?:^|\/)pg_(?:dump|dumpall|restore)$/.test(word));
  const inner = words[at];
  return inner === undefined
    ? { tool, words }
    : { tool: inner.slice(inner.lastIndexOf('/') + 1), words: words.slice(at + 1) };
}

/** Where a statement's standard output goes, if to a file. */
function destination(node: Node): string | undefined {
  const redirect = node.namedChildren.findLast((child) => {
    if (child?.type !== 'file_redirect') return false;
    const descriptor = child.childForFieldName('descriptor')?.text ?? '1';
    return descriptor === '1' && child.children.some((part) => part && /^>{1,2}\|?$/.test(part.type));
  });
  const text = redirect?.childForFieldName('destination')?.text;
  return text?.replace(/^(["'])(.*)\1$/s, '$2');
}

function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = values[braced ?? bare ?? ''];
    return value ?? whole;
  });
}
