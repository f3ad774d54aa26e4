import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entryOf } from '../../src/incident/entry.ts';
import { verifyReading, verifyRun } from '../../src/incident/verify.ts';
import { writeEntry } from '../../src/incident/write.ts';
import { hashLine } from '../../src/journal/line.ts';
import { lockRun } from '../../src/journal/lock.ts';
import { readLines } from '../../src/journal/read.ts';
import { Story, success } from './restore-run.ts';

const story = success();
const whole = story.bytes;
const head = { ...readLines(whole).head, place: 'the store' };

describe('the proof of a journal with a head kept elsewhere', () => {
  it('holds for what was written, and when more was written since', () => {
    expect(verifyReading(readLines(whole), [head])).toMatchObject({ sound: true, problems: [] });
    const more = success().say({ type: 'note-added', text: 'later' });
    expect(verifyReading(readLines(more.bytes), [head]).sound).toBe(true);
  });

  it('finds every single-byte change, in the last line too, and names the line', () => {
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bent = Buffer.from(whole);
        bent[at] = bent[at]! ^ flip;
        const found = verifyReading(readLines(bent), [head]);
        expect(found.sound).toBe(false);
        const line = ends.findIndex((end) => at < end) + 1;
        // Where the last two lines do not belong together, no third one tells which of them was changed.
        expect(line === ends.length ? [line - 1, line] : [line]).toContain(found.line);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every line that was removed, doubled, or put elsewhere, and names the first bad one', () => {
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    const told = (changed: readonly string[]) =>
      verifyReading(readLines(Buffer.from(changed.map((line) => `${line}\n`).join(''))), [head]);
    for (const [at, line] of lines.entries()) {
      const removed = told(lines.toSpliced(at, 1));
      expect(removed.sound, `without line ${at + 1}`).toBe(false);
      expect(removed.line).toBe(at + 1);
      const doubled = told(lines.toSpliced(at, 0, line));
      expect(doubled.sound, `line ${at + 1} twice`).toBe(false);
      expect(doubled.line).toBe(at + 2);
    }
    const place = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(place, place, (at, to) => {
        if (to === at) return;
        const moved = told(lines.toSpliced(at, 1).toSpliced(to, 0, lines[at]!));
        expect(moved.sound).toBe(false);
        expect(moved.line).toBe(Math.min(at, to) + 1);
      }),
    );
  });

  it('finds every cut, at every byte and every line', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(verifyReading(readLines(whole.subarray(0, length)), [head]).sound).toBe(false);
      }),
      { numRuns: 500 },
    );
    const last = whole.subarray(0, whole.lastIndexOf(10, -2) + 1);
    const cut = verifyReading(readLines(last), [head]);
    expect(cut.problems).toEqual([`the end was cut off: the store knows 1 more line, from line ${head.seq}`]);
    expect(verifyReading(readLines(last), []).sound).toBe(true);
  });

  it('finds a chain that was made anew', () => {
    const forged = new Story().say({ type: 'note-added', text: 'nothing happened' });
    while (forged.events.length < head.seq) forged.say({ type: 'note-added', text: 'nothing' });
    const found = verifyReading(readLines(forged.bytes), [head]);
    expect(found).toMatchObject({ sound: false, line: head.seq });
  });
});

describe('the proof of a run', () => {
  async function run(): Promise<{ folder: string; incidents: string }> {
    const parent = await mkdtemp(join(tmpdir(), 'drillbook-verify-'));
    onTestFinished(() => rm(parent, { recursive: true, force: true }));
    const [folder, incidents] = [join(parent, 'run'), join(parent, 'incidents')];
    await mkdir(join(folder, 'output'), { recursive: true });
    const small = new Story().enter('pre-check').run('look', 'pg_isready', 1, 'accepting\n');
    await writeFile(join(folder, 'output', 'look-1.log'), 'accepting\n');
    await writeFile(join(folder, 'journal.jsonl'), small.bytes);
    await writeEntry(entryOf(small.events, new Date()), folder, incidents);
    return { folder, incidents };
  }

  it('takes the heads beside the journal and with the entry', async () => {
    const { folder } = await run();
    const found = await verifyRun(folder);
    expect(found).toMatchObject({ sound: true, lines: 6, problems: [] });
    expect(found.heads).toHaveLength(3);
  });

  it('finds a cut tail by the entry among the incidents, even where the run folder was cleaned', async () => {
    const { folder, incidents } = await run();
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    const lines = text.split('\n').slice(0, -2);
    await writeFile(join(folder, 'journal.jsonl'), `${lines.join('\n')}\n`);
    await rm(join(folder, 'entry.json'));
    const head = JSON.parse(await readFile(join(folder, 'head.json'), 'utf8'));
    await writeFile(
      join(folder, 'head.json'),
      JSON.stringify({ ...head, seq: 5, hash: hashLine(lines.at(-1)!) }),
    );
    const found = await verifyRun(folder);
    expect(found.problems).toEqual([expect.stringContaining(`the end was cut off: ${incidents}`)]);
  });

  it('finds output that was changed, shortened or removed', async () => {
    const { folder } = await run();
    const file = join(folder, 'output', 'look-1.log');
    await writeFile(file, 'rejecting\n');
    expect((await verifyRun(folder)).problems).toEqual(['output/look-1.log was changed']);
    await writeFile(file, 'acc');
    expect((await verifyRun(folder)).problems).toEqual(['output/look-1.log has 3 bytes, recorded were 10']);
    await rm(file);
    expect(await verifyRun(folder)).toMatchObject({ sound: false, problems: ['output/look-1.log is gone'] });
  });

  it('takes an unfinished line for damage only where no living process may be writing it', async () => {
    const { folder } = await run();
    await appendFile(join(folder, 'journal.jsonl'), '{"seq":7,');
    const locking = await lockRun(folder, 'the-run', 'olga');
    expect((await verifyRun(folder)).sound).toBe(true);
    if (locking.kind === 'locked') await locking.lock.release();
    expect(await verifyRun(folder)).toMatchObject({ sound: false, line: 7 });
  });

  it('cannot be given where there is no journal', async () => {
    await expect(verifyRun('/nowhere/at/all')).rejects.toThrow(/journal.jsonl could not be read/);
  });
});
