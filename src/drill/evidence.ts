import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draftEntry } from '../incident/archive.ts';
import { markdownOf } from '../incident/markdown.ts';
import { createFile } from '../journal/disk.ts';
import { journalName } from '../journal/line.ts';
import { readJournal } from '../journal/read.ts';
import { titleOf } from './criterion.ts';
import { keptManifest } from './fetch.ts';
import { type DrillResult, resultOf } from './history.ts';
import { type TarFile, tarOf } from './tar.ts';

/** The runbook as the drill began with it. */
const runbookCopy = 'runbook.md';

/** What is laid before an auditor, by name, with where it comes from in the run's folder. */
const kept = [journalName, 'run.cast', runbookCopy, keptManifest] as const;

/**
 * The evidence of a drill: its result, entry, journal, recording, runbook and the manifest of the backup, with a
 * SHA-256 of each. `isSecret` tells whether a text holds a value that must not leave this machine. Throws an `Error`
 * that says what is wrong, where the run is no drill, its journal is broken, or a file would give a secret away.
 */
export async function evidenceOf(
  runFolder: string,
  isSecret: (text: string) => boolean,
): Promise<readonly TarFile[]> {
  const { events, broken, head } = await readJournal(runFolder);
  const result = resultOf(events);
  if (result === undefined) throw new Error('the run is no drill of a target');
  if (broken) throw new Error(`its journal is broken at line ${broken.line}: ${broken.reason}`);
  const made = await draftEntry(runFolder, new Date(result.endedAt));
  if (made.kind === 'unreadable') throw new Error(`its entry cannot be made: ${made.reason}`);
  const at = new Date(result.endedAt);
  const files: TarFile[] = [
    text('result.json', `${JSON.stringify({ schema: 1, ...result }, undefined, 2)}\n`, at),
    text('entry.md', markdownOf(made.entry), at),
    text('entry.json', `${JSON.stringify(made.entry, undefined, 2)}\n`, at),
  ];
  for (const name of kept) {
    const path = join(runFolder, name);
    const bytes = await readFile(path).catch(() => undefined);
    // A runbook is as its authors wrote it, with whatever example of a password; its steps are in the journal, masked.
    if (!bytes || (name === runbookCopy && isSecret(bytes.toString('utf8')))) continue;
    files.push({ name, bytes, modifiedAt: (await stat(path)).mtime });
  }
  files.unshift(text('README.md', summaryOf(result, head.hash, head.seq), at));
  const leaking = files.find(({ bytes }) => isSecret(Buffer.from(bytes).toString('utf8')));
  if (leaking) throw new Error(`${leaking.name} holds a secret of the target: nothing was exported`);
  const sums = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join('');
  return [...files, text('SHA256SUMS', sums, at)];
}

/** Writes evidence as a folder that is not there yet, or as one file that ends with `.tar`. Throws where something is there. */
export async function writeEvidence(files: readonly TarFile[], to: string, run: string): Promise<void> {
  if (to.endsWith('.tar')) {
    const archive = tarOf(files.map((file) => ({ ...file, name: `${run}/${file.name}` })));
    if (!(await createFile(to, archive))) throw new Error(`${to} is there already and was left as it is`);
    return;
  }
  await mkdir(to, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new Error(`${to} is there already and was left as it is`)
      : new Error(`${to} could not be made (${error.code})`);
  });
  for (const { name, bytes } of files) await writeFile(join(to, name), bytes, { mode: 0o600 });
}

function summaryOf(result: DrillResult, hash: string, events: number): string {
  const { backup } = result;
  return [
    `# Restore drill of ${result.target}: ${result.outcome}`,
    '',
    `- Run: ${result.run}`,
    `- Held: ${result.startedAt} to ${result.endedAt} (UTC)`,
    ...(backup ? [`- Backup: ${backup.name}${backup.takenAt ? `, of ${backup.takenAt}` : ''}`] : []),
    ...(result.reason ? [`- Why: ${result.reason}`] : []),
    '',
    '| Criterion | Verdict | Measured |',
    '|---|---|---|',
    ...result.criteria.map(
      ({ criterion, verdict, measured }) =>
        `| ${titleOf(criterion)} | ${verdict} | ${measured.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
    ),
    '',
    `\`journal.jsonl\` is the record: ${events} events, each with the SHA-256 of the line before it. The SHA-256 of its last line is ${hash}.`,
    'The rest was made from it. `sha256sum -c SHA256SUMS` proves that the files are those of the export.',
    '',
  ].join('\n');
}

function text(name: string, content: string, modifiedAt: Date): TarFile {
  return { name, bytes: Buffer.from(content, 'utf8'), modifiedAt };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
