import { type Node, parseShell } from '../syntax/shell.ts';
import { planned, plannedParts } from './plan.ts';
import type { RunState } from './state.ts';

/** Whether this run has a backup to go back to: `verified` where it was also read to its end. */
export type SafetyBackup = 'none' | 'unverified' | 'verified';

/**
 * Looks for a backup that was made and verified in this run: as `drillbook backup` reported it, or as a
 * `pg_dump` to a file that a later `pg_restore` to /dev/null has read whole. Listing an archive verifies nothing.
 */
export function safetyBackup(state: RunState): SafetyBackup {
  const made = state.backups.filter((backup) => backup.action === 'created');
  const verifiedNames = new Set(
    state.backups.filter((backup) => backup.verified).map((backup) => backup.name),
  );
  if (made.some((backup) => verifiedNames.has(backup.name))) return 'verified';
  const plain = plainBackup(state);
  return plain === 'none' && made.length > 0 ? 'unverified' : plain;
}

function plainBackup(state: RunState): SafetyBackup {
  const files = new Set<string>();
  let verified = false;
  for (const words of succeededWords(state)) {
    const [tool, ...rest] = words;
    const name = tool?.split('/').at(-1);
    if (name === 'pg_dump') {
      const file = optionValue(rest, '-f', '--file');
      if (file) files.add(file);
    } else if (name === 'mv') {
      // Dumped under another name first: the final name is the backup.
      const [from, to] = rest.filter((word) => !word.startsWith('-'));
      if (from && to && files.has(from)) files.add(to);
    } else if (name === 'pg_restore' && optionValue(rest, '-f', '--file') === '/dev/null') {
      verified ||= rest.some((word) => files.has(word));
    }
  }
  if (verified) return 'verified';
  return files.size > 0 ? 'unverified' : 'none';
}

/** The simple commands, word by word as written, of everything that succeeded in a safety-backup step. */
function succeededWords(state: RunState): readonly (readonly string[])[] {
  return planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' && item.phase === 'safety-backup' ? [item] : []))
    .flatMap((step) => plannedParts(step.parts, state.options))
    .flatMap((part) => (part.kind === 'command' ? (state.parts[part.id]?.attempts ?? []) : []))
    .filter((attempt) => attempt.finished?.verdict === 'succeeded')
    .flatMap((attempt) => simpleCommands(attempt.text));
}

function simpleCommands(text: string): readonly (readonly string[])[] {
  const tree = parseShell(text);
  const found: string[][] = [];
  const visit = (node: Node): void => {
    if (node.type === 'command') found.push(node.namedChildren.map((child) => unquoted(child!.text)));
    for (const child of node.namedChildren) if (child) visit(child);
  };
  visit(tree.rootNode);
  tree.delete();
  return found;
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}

function optionValue(words: readonly string[], short: string, long: string): string | undefined {
  for (const [index, word] of words.entries()) {
    if (word === short || word === long) return words[index + 1];
    if (word.startsWith(`${long}=`)) return unquoted(word.slice(long.length + 1));
    if (word.startsWith(short) && word.length > short.length && !word.startsWith('--'))
      return unquoted(word.slice(2));
  }
  return undefined;
}
