import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { draftEntry, loadEntry } from '../archive.ts';
import type { Entry } from '../shape.ts';
import { writeEntryBeside } from '../write.ts';
import { type Message, SinkError } from './sink.ts';

/** Writes the entry into a folder, as `writeEntry` names it, and commits it where that is wanted. */
export async function toFolder(folder: string, commit: boolean, message: Message, now: Date): Promise<void> {
  const found = await loadEntry(message.folder, now);
  const made = found.kind === 'entry' ? found : await draftEntry(message.folder, now);
  if (made.kind === 'unreadable') throw new SinkError(`the run has no entry: ${made.reason}`);
  const written = await writeEntryBeside(made.entry, message.folder, folder);
  if (written.problem !== undefined) throw new SinkError(written.problem);
  if (commit && written.incident) await commitEntry(written.incident, made.entry);
}

const run = promisify(execFile);

/** The git checkout that a folder belongs to; undefined where it is none. */
export async function checkoutOf(folder: string): Promise<string | undefined> {
  const found = await run('git', ['-C', folder, 'rev-parse', '--show-toplevel']).catch(() => undefined);
  return found?.stdout.trim() || undefined;
}

/**
 * Commits an entry (its Markdown file and the JSON beside it) and nothing else, whatever else is staged. False where
 * it stands committed already. Throws a `SinkError` with what git said.
 */
export async function commitEntry(
  file: string,
  entry: Pick<Entry, 'run' | 'title' | 'mode'>,
): Promise<boolean> {
  const folder = dirname(file);
  const names = [basename(file), basename(file).replace(/\.md$/, '.json')];
  const git = async (...args: string[]) =>
    (await run('git', ['-C', folder, ...args], { env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } })).stdout;
  try {
    await git('add', '--', ...names);
    if ((await git('status', '--porcelain', '--', ...names)).trim() === '') return false;
    await git(
      'commit',
      '-q',
      '-m',
      `Add the ${entry.mode} entry of ${entry.title}`,
      '-m',
      `Run ${entry.run}`,
      '--',
      ...names,
    );
    return true;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new SinkError(`git did not take ${file}: ${said || (error as Error).message.split('\n')[0]}`);
  }
}
