import { chmod, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { diffOf } from '../lint/diff.ts';
import type { FileReport } from '../lint/formats/report.ts';
import { mend } from '../lint/mend.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { exit, Refusal } from './exit.ts';
import type { RunbookFile } from './runbook-file.ts';

export type MendOutcome = 'nothing' | 'mended' | 'declined' | 'nobody-to-ask';

/**
 * Shows the certain mends of some files as a diff on stdout, asks once, and writes them. `yes` writes without asking;
 * where nobody can be asked, nothing is written. Throws a `Refusal` where a file has changed since it was read.
 */
export async function mendFiles(
  files: readonly { readonly file: RunbookFile; readonly report: FileReport }[],
  { yes, terminal }: { readonly yes: boolean; readonly terminal: boolean },
): Promise<MendOutcome> {
  const mends = files.flatMap(({ file, report }) => {
    const { text } = mend(file.source, report.findings);
    return text === file.source ? [] : [{ file, path: report.path, text }];
  });
  if (mends.length === 0) return 'nothing';
  for (const { file, path, text } of mends) process.stdout.write(sanitise(diffOf(path, file.source, text)));
  if (!yes && !terminal) return 'nobody-to-ask';
  if (!yes && !(await agrees(mends.length))) return 'declined';
  for (const { file, text } of mends) await replace(file, text);
  return 'mended';
}

/** Asks at the terminal whether so many files may be written. Throws a `Refusal` where the question is left. */
export async function agrees(count: number): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const leave = new AbortController();
  prompt.once('SIGINT', () => leave.abort());
  prompt.once('close', () => leave.abort());
  try {
    const what = count === 1 ? 'the file' : `${count} files`;
    const answer = await prompt.question(`Write this to ${what}? [y/N] `, { signal: leave.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    if (!leave.signal.aborted) throw error;
    throw new Refusal('Nothing was written.', exit.interrupted);
  } finally {
    prompt.close();
  }
}

/**
 * Writes a runbook anew: old content or new, never a part; the mode of the file stays, and a link to it. Throws a `Refusal` where it has
 * changed since it was read.
 */
export async function replace(file: RunbookFile, text: string): Promise<void> {
  const bytes = await readFile(file.path);
  if (!Buffer.from(file.source, 'utf8').equals(bytes))
    throw new Refusal(
      `${file.path} has changed since it was read, or is not UTF-8: nothing was written to it. Run lint again.`,
    );
  // A link stays one: what it leads to is written.
  const path = await realpath(file.path);
  const { mode } = await stat(path);
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { flag: 'wx' });
  await chmod(beside, mode & 0o7777);
  await rename(beside, path);
}
