import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, makeFolder, replaceFile } from '../journal/disk.ts';
import { diskFault } from '../journal/fault.ts';
import { spoken, spokenBytes, utc } from './format.ts';
import { cellCode, code, inline } from './markdown-text.ts';
import type { BackupLine, Entry } from './shape.ts';

/** The log of backups among the incidents: one table for all runs. */
export const backupLogName = 'backup-log.md';

const head = `# Backup log

| Date | Type | Size | Duration | Location | Verified | Notes |
|---|---|---|---|---|---|---|
`;

/** The cells of a backup's line, the same in an entry and in the log of backups. */
export function backupCells(line: BackupLine): readonly string[] {
  const { date, name, type, bytes, duration, location, verified, notes } = line;
  return [
    utc(date),
    inline(type ?? ''),
    bytes === undefined ? '' : spokenBytes(bytes),
    duration === undefined ? '' : spoken(duration),
    cellCode(location),
    verified ? 'yes' : '**no**',
    [cellCode(name), inline(notes)].filter((text) => text !== '').join(', '),
  ];
}

/**
 * Appends the backups of a run to the log of backups in a folder; a line that is there is brought up to date (it was
 * verified since). Resolves to the file, or to undefined where there was nothing to say. Throws a JournalFault.
 */
export async function appendBackupLog(entry: Entry, folder: string): Promise<string | undefined> {
  if (entry.backups.length === 0 || entry.mode === 'preview') return undefined;
  const file = join(folder, backupLogName);
  try {
    await makeFolder(folder, 0o777);
    await createFile(file, head, 0o644);
    for (const line of entry.backups) await putLine(file, rowOf(entry.run, line), keyOf(entry.run, line));
    return file;
  } catch (error) {
    throw diskFault(error, file, 'written');
  }
}

function keyOf(run: string, { name, date }: BackupLine): readonly string[] {
  return [`| ${utc(date)} |`, cellCode(name), code(run)];
}

function rowOf(run: string, line: BackupLine): string {
  return `| ${[...backupCells(line).map((cell) => cell || '–')].join(' | ')}, run ${code(run)} |\n`;
}

async function putLine(file: string, row: string, key: readonly string[]): Promise<void> {
  const content = await readFile(file, 'utf8');
  const lines = content.split('\n');
  const at = lines.findIndex((line) => key.every((part) => line.includes(part)));
  if (at === -1) {
    // One write of one line: what another run appends at this moment stays.
    await appendFile(file, content.endsWith('\n') ? row : `\n${row}`, { flush: true });
  } else if (`${lines[at]}\n` !== row) {
    lines[at] = row.trimEnd();
    await replaceFile(file, lines.join('\n'), 0o644);
  }
}
