import { chmod, constants, type FileHandle, open, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from './disk.ts';
import { diskFault, errorCode, JournalFault } from './fault.ts';
import { emptyHead, journalName } from './line.ts';
import type { Mask } from './masking.ts';
import { type JournalReading, readJournal } from './read.ts';
import { makeReserve } from './reserve.ts';
import { type Clock, type Journal, JournalWriter } from './writer.ts';

export type { Clock, Journal } from './writer.ts';

export interface Opened {
  readonly journal: Journal;
  /** What the journal held when it was opened; `torn` tells what was cut off. */
  readonly reading: JournalReading;
}

const unmasked: Mask = (text) => text;

/**
 * Makes a run's folder (0700) with an empty journal (0600) in it. Throws a JournalFault where one is there already
 * or the disk refuses. `mask` sees every text before it is written.
 */
export async function createJournal(
  folder: string,
  operator: string,
  now: Clock = Date.now,
  mask: Mask = unmasked,
): Promise<Journal> {
  const file = join(folder, journalName);
  let handle: FileHandle | undefined;
  try {
    await makeFolder(folder);
    // Whoever made it: what a run records is for its owner alone.
    await chmod(folder, 0o700);
    handle = await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    await makeReserve(folder);
    await handle.sync();
    await syncFolder(folder);
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      throw new JournalFault(
        `${file} is there already: that run has begun. Resume it, or start a new one.`,
        file,
      );
    // An empty journal would look like a run that nobody started.
    if (handle) await rm(file, { force: true });
    await rmdir(folder).catch(() => undefined);
    await handle?.close();
    throw diskFault(error, file, 'created');
  }
  return new JournalWriter(folder, file, handle, operator, now, mask, { head: emptyHead, size: 0, time: 0 });
}

/**
 * Opens a run's journal to go on with it. A torn last line is kept in `torn-<n>.bin` beside the journal and cut
 * off. Throws a JournalFault where the chain is broken: nothing may be added to a journal that cannot be trusted.
 */
export async function openJournal(
  folder: string,
  operator: string,
  now: Clock = Date.now,
  mask: Mask = unmasked,
): Promise<Opened> {
  const file = join(folder, journalName);
  const reading = await readJournal(folder);
  if (reading.broken)
    throw new JournalFault(
      `${file} cannot be continued: line ${reading.broken.line} is bad: ${reading.broken.reason}. It can still be read (drillbook log show); start a new run to go on.`,
      file,
    );
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDWR);
    if (reading.torn) await cutTorn(folder, handle, reading.size);
    // A disk with no room for the reserve refuses at the next beginning, with a sentence; reading must go on.
    await makeReserve(folder).catch(() => undefined);
  } catch (error) {
    await handle?.close();
    throw diskFault(error, file, 'opened for writing');
  }
  const time = reading.events.reduce((latest, event) => Math.max(latest, Date.parse(event.time) || 0), 0);
  const journal = new JournalWriter(folder, file, handle, operator, now, mask, {
    head: reading.head,
    size: reading.size,
    time,
  });
  return { journal, reading };
}

/** Puts the bytes after the last whole line aside and cuts them off. */
async function cutTorn(folder: string, handle: FileHandle, size: number): Promise<void> {
  const { size: full } = await handle.stat();
  const torn = Buffer.alloc(Math.max(0, full - size));
  await handle.read(torn, 0, torn.length, size);
  await writeFile(await freeName(folder), torn, { mode: 0o600, flag: 'wx', flush: true });
  await syncFolder(folder);
  await handle.truncate(size);
  await handle.sync();
}

async function freeName(folder: string): Promise<string> {
  for (let n = 1; ; n++) {
    const file = join(folder, `torn-${n}.bin`);
    const there = await stat(file).catch(() => undefined);
    if (!there) return file;
  }
}
