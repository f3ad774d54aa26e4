import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '../../src/journal/disk.ts';
import { createJournal, openJournal } from '../../src/journal/journal.ts';
import { genesis, hashLine, headOf } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';
import { commandStarted, note, started, temporaryFolder } from './events.ts';

async function lines(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').slice(0, -1);
}

describe('a journal', () => {
  it('writes one stamped line an event, each with the hash of the line before', async () => {
    const folder = join(await temporaryFolder(), 'runs', 'one');
    const journal = await createJournal(folder, 'olga', () => Date.UTC(2026, 10, 20, 3, 12, 7, 45));
    const first = await journal.append(started());
    const second = await journal.append(note('paged at 03:10'));
    await journal.close();

    const [a, b] = await lines(journal.file);
    expect(JSON.parse(a!)).toEqual(first);
    expect(JSON.parse(b!)).toEqual(second);
    expect(first).toMatchObject({
      seq: 1,
      time: '2026-11-20T03:12:07.045Z',
      operator: 'olga',
      prev: genesis,
    });
    expect(second).toMatchObject({ seq: 2, prev: hashLine(a!), text: 'paged at 03:10' });
    expect(journal.head()).toEqual({ seq: 2, hash: hashLine(b!) });
    expect(headOf(second)).toEqual(journal.head());
  });

  it('is for its owner alone', async () => {
    const folder = join(await temporaryFolder(), 'runs', 'one');
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const journal = await createJournal(folder, 'olga');
    await journal.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(journal.file)).mode & 0o777).toBe(0o600);
  });

  it('keeps space for its end while it is open, and gives it back', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    expect((await stat(join(folder, 'reserve'))).size).toBe(65_536);
    await journal.append(started());
    await journal.close();
    expect(await readdir(folder)).toEqual(['journal.jsonl']);
    const opened = await openJournal(folder, 'olga');
    expect(await readdir(folder)).toEqual(['journal.jsonl', 'reserve']);
    await opened.journal.close();
  });

  it('never lets time go backwards, not even over a resume', async () => {
    const folder = await temporaryFolder();
    const clock = [5_000, 3_000, 6_000];
    const journal = await createJournal(folder, 'olga', () => clock.shift()!);
    await journal.appendAll([started(), note('a'), note('b')]);
    await journal.close();
    const { journal: again } = await openJournal(folder, 'per', () => 1_000);
    await again.append(note('c'));
    await again.close();
    const { events } = await readJournal(folder);
    expect(events.map((event) => Date.parse(event.time))).toEqual([5_000, 5_000, 6_000, 6_000]);
    expect(events.map((event) => event.operator)).toEqual(['olga', 'olga', 'olga', 'per']);
  });

  it('keeps the order in which events were given, however many at once', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    const texts = Array.from({ length: 50 }, (_, n) => `note ${n}`);
    await Promise.all([journal.append(started()), ...texts.map((text) => journal.append(note(text)))]);
    await journal.close();
    const { events } = await readJournal(folder);
    expect(events.slice(1).map((event) => event.type === 'note-added' && event.text)).toEqual(texts);
  });

  it('finishes what was given before it was closed, and refuses what comes after', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    const pending = [journal.append(started()), journal.append(note('last'))];
    await journal.close();
    await Promise.all(pending);
    await expect(journal.append(note('late'))).rejects.toThrow(/is closed/);
    expect((await readJournal(folder)).events).toHaveLength(2);
  });

  it('refuses an event of the wrong shape before it is written, and goes on', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    await expect(journal.append(note('no run yet'))).rejects.toThrow(/begins with run-started/);
    await journal.append(started());
    await expect(journal.append(started())).rejects.toThrow(/once/);
    await expect(journal.append({ type: 'shell-closed', durationMs: Number.NaN })).rejects.toThrow(
      /durationMs/,
    );
    await journal.append(note('good'));
    await journal.close();
    expect(await readJournal(folder)).toMatchObject({ events: [{ seq: 1 }, { seq: 2, text: 'good' }] });
  });

  it('does not begin a run twice in one folder', async () => {
    const folder = await temporaryFolder();
    await (await createJournal(folder, 'olga')).close();
    await expect(createJournal(folder, 'per')).rejects.toThrow(/that run has begun. Resume it/);
  });

  it('masks every text before it is written, and returns what was written', async () => {
    const folder = await temporaryFolder();
    const mask = (text: string) => text.replaceAll('hunter2', '*****');
    const journal = await createJournal(folder, 'olga', Date.now, mask);
    await journal.append(started());
    const recorded = await journal.append(commandStarted(1, 'psql postgres://u:hunter2@db/app'));
    await journal.close();
    expect(recorded).toMatchObject({ text: 'psql postgres://u:*****@db/app' });
    expect(await readFile(journal.file, 'utf8')).not.toContain('hunter2');
  });

  it('stops when another program writes into it', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    await journal.append(started());
    await appendFile(journal.file, 'x');
    await expect(journal.append(note('a'))).rejects.toThrow(/changed by another program/);
    await journal.close();
  });

  it('stops when its file was removed', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    await journal.append(started());
    await rm(journal.file);
    await expect(journal.append(note('a'))).rejects.toThrow(/was removed while the run was going on/);
    await journal.close();
  });

  it('cuts a torn last line on opening, tells it, and keeps its bytes aside', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    await journal.appendAll([started(), note('whole')]);
    await journal.close();
    for (const [n, torn] of ['{"seq":3,"ti', '\0\0\0\0'].entries()) {
      await appendFile(journal.file, torn);
      const opened = await openJournal(folder, 'olga');
      expect(opened.reading.torn).toEqual({ bytes: torn.length });
      expect(await readFile(join(folder, `torn-${n + 1}.bin`), 'utf8')).toBe(torn);
      await opened.journal.append(note('after'));
      await opened.journal.close();
      const reading = await readJournal(folder);
      expect(reading).toMatchObject({ head: { seq: 3 + n } });
      expect(reading.torn ?? reading.broken).toBeUndefined();
    }
  });

  it('is not continued where its chain is broken, and nothing in it is touched', async () => {
    const folder = await temporaryFolder();
    const journal = await createJournal(folder, 'olga');
    await journal.appendAll([started(), note('one'), note('two'), note('three')]);
    await journal.close();
    const bent = (await readFile(journal.file, 'utf8')).replace('one', 'own');
    await writeFile(journal.file, bent);
    await expect(openJournal(folder, 'olga')).rejects.toThrow(/line 2 is bad: it was changed/);
    expect(await readFile(journal.file, 'utf8')).toBe(bent);
    expect(await readdir(folder)).toEqual(['journal.jsonl']);
  });

  it.skipIf(process.getuid?.() === 0)('says so when the folder may not be written', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    await expect(createJournal(join(folder, 'run'), 'olga')).rejects.toThrow(/this user may not do that/);
    await chmod(folder, 0o700);
  });

  it('says so when the folder is a file, and when there is no journal', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(createJournal(join(folder, 'file', 'run'), 'olga')).rejects.toThrow(
      /is a file, not a folder/,
    );
    await expect(openJournal(folder, 'olga')).rejects.toThrow(
      /journal.jsonl could not be read: it does not exist/,
    );
  });
});

describe('writing to a disk', () => {
  it('goes on where the system takes only a part at a time', async () => {
    const written: Buffer[] = [];
    const handle = {
      write: async (bytes: Uint8Array, offset: number, length: number, position: number) => {
        expect(position).toBe(100 + offset);
        const part = bytes.subarray(offset, offset + Math.min(length, 3));
        written.push(Buffer.from(part));
        return { bytesWritten: part.length, buffer: bytes };
      },
    };
    await writeWhole(
      handle as unknown as Parameters<typeof writeWhole>[0],
      Buffer.from('a whole line\n'),
      100,
    );
    expect(Buffer.concat(written).toString()).toBe('a whole line\n');
    expect(written.length).toBe(5);
  });

  it('does not spin where the system takes nothing', async () => {
    const handle = { write: async () => ({ bytesWritten: 0, buffer: Buffer.alloc(0) }) };
    const writing = writeWhole(handle as unknown as Parameters<typeof writeWhole>[0], Buffer.from('a'), 0);
    await expect(writing).rejects.toMatchObject({ code: 'EIO' });
  });
});
