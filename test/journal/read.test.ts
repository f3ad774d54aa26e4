import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from '../../src/journal/journal.ts';
import { emptyHead, genesis, hashLine } from '../../src/journal/line.ts';
import { readLines } from '../../src/journal/read.ts';
import { blockReread, commandFinished, commandStarted, note, remedyTaken, started } from './event-samples.ts';

let whole: Buffer;
let ends: number[];

beforeAll(async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const folder = await mkdtemp('/tmp/drillbook-read-');
  const journal = await createJournal(folder, 'olga');
  await journal.appendAll([started(), note('größer'), commandStarted(), commandFinished(), note('end')]);
  await journal.close();
  whole = await readFile(journal.file);
  await rm(folder, { recursive: true });
  ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
});

/** Lines chained by hand, so that a line may say what our own writer never would. */
function chained(values: readonly object[]): Buffer {
  let prev = genesis;
  const lines = values.map((value, index) => {
    const line = JSON.stringify({
      seq: index + 1,
      time: '2026-11-20T03:12:00.000Z',
      operator: 'o',
      prev,
      ...value,
    });
    prev = hashLine(line);
    return `${line}\n`;
  });
  return Buffer.from(lines.join(''));
}

describe('reading a journal', () => {
  it('takes a block that was read the other way for what it is', () => {
    const { events, broken } = readLines(chained([started(), blockReread()]));
    expect(broken).toBeUndefined();
    expect(events[1]).toMatchObject(blockReread());
    expect(readLines(chained([started(), { ...blockReread(), line: 'x' }])).events).toHaveLength(1);
  });

  it('takes up a remedy with the parts that it has, and none without bones', () => {
    const { events, broken } = readLines(chained([started(), remedyTaken()]));
    expect(broken).toBeUndefined();
    expect(events[1]).toMatchObject(remedyTaken());
    expect(
      readLines(chained([started(), { ...remedyTaken(), parts: [{ kind: 'command' }] }])).events,
    ).toHaveLength(1);
  });

  it('gives every event and the head', () => {
    const reading = readLines(whole);
    expect(reading.events).toHaveLength(5);
    expect(reading.head.seq).toBe(5);
    expect(reading.size).toBe(whole.length);
    expect(reading.torn ?? reading.broken).toBeUndefined();
  });

  it('takes an empty file for a journal without events', () => {
    expect(readLines(Buffer.alloc(0))).toEqual({
      events: [],
      unknown: [],
      hashes: [],
      head: emptyHead,
      size: 0,
    });
  });

  it('finds a last line torn at every byte, and loses no other', () => {
    const start = ends.at(-2)!;
    for (let cut = start + 1; cut < whole.length; cut++) {
      const reading = readLines(whole.subarray(0, cut));
      expect(reading.events).toHaveLength(4);
      expect(reading.torn).toEqual({ bytes: cut - start });
      expect(reading.broken).toBeUndefined();
      expect(reading.size).toBe(start);
    }
  });

  it('takes a last line with a hole of zeros for torn, and any other garbled one for broken', () => {
    const start = ends.at(-2)!;
    const holed = Buffer.from(whole).fill(0, start, start + 100);
    expect(readLines(holed)).toMatchObject({ torn: { bytes: whole.length - start }, size: start });
    const garbled = Buffer.from(whole).fill('x', start, start + 100);
    expect(readLines(garbled).broken).toEqual({ line: 5, reason: 'it is not JSON' });
  });

  it('finds every single-byte change before the last line and names the line', () => {
    fc.assert(
      fc.property(fc.nat(ends.at(-2)! - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bent = Buffer.from(whole);
        bent[at] = bent[at]! ^ flip;
        const reading = readLines(bent);
        const line = ends.findIndex((end) => at < end) + 1;
        expect(reading.broken?.line).toBe(line);
        expect(reading.events.every((event) => event.seq < line)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds a changed last line by the head that was kept elsewhere, or at once', () => {
    const { head } = readLines(whole);
    const start = ends.at(-2)!;
    for (let at = start; at < whole.length; at++) {
      const bent = Buffer.from(whole);
      bent[at] = bent[at]! ^ 1;
      const reading = readLines(bent);
      const found = reading.torn ?? reading.broken ?? (reading.head.hash !== head.hash || undefined);
      expect(found).toBeDefined();
    }
  });

  it('finds removed, doubled and reordered lines', () => {
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]), (order) => {
        const honest = order.every((line, index) => line === index);
        fc.pre(!honest);
        const reading = readLines(Buffer.from(order.map((line) => `${lines[line]}\n`).join('')));
        expect(reading.broken).toBeDefined();
        const first = order.findIndex((line, index) => line !== index);
        expect(reading.broken!.line).toBe(first + 1);
      }),
    );
  });

  it('finds an empty line, a byte-order mark and carriage returns', () => {
    const text = whole.toString('utf8');
    for (const bent of [text.replace('\n', '\n\n'), `\ufeff${text}`, text.replaceAll('\n', '\r\n')])
      expect(readLines(Buffer.from(bent)).broken).toBeDefined();
  });

  it('never throws and never makes an event of garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        expect(readLines(Buffer.from(garbage)).events).toEqual([]);
        const reading = readLines(Buffer.concat([whole, Buffer.from(garbage)]));
        expect(reading.events).toHaveLength(5);
        expect(reading.torn !== undefined || reading.broken !== undefined).toBe(garbage.length > 0);
      }),
    );
  });

  it('never lets JSON of another shape through to the fold', () => {
    const types = ['note-added', 'command-finished', 'identity-read', 'backup-reported', 'option-chosen'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, value) => {
        const fields =
          typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
        const { events, broken, torn } = readLines(chained([started(), { ...fields, type }]));
        expect(events).toHaveLength(1);
        expect(broken ?? torn).toBeDefined();
      }),
    );
  });

  it('keeps lines of a newer version, tells them, and goes on behind them', () => {
    const reading = readLines(
      chained([started(), { type: 'moon-phase-read', phase: 'full' }, note('after')]),
    );
    expect(reading.events.map((event) => event.seq)).toEqual([1, 3]);
    expect(reading.unknown).toEqual([{ line: 2, type: 'moon-phase-read' }]);
    expect(reading.broken).toBeUndefined();
    expect(reading.head.seq).toBe(3);
  });

  it('keeps fields of a newer version in a type that it knows', () => {
    const { events } = readLines(chained([started(), { ...note('a'), colour: 'blue' }]));
    expect(events[1]).toMatchObject({ text: 'a', colour: 'blue' });
  });

  it('says what is wrong with a line that is chained but not whole', () => {
    const reading = readLines(chained([started(), { type: 'note-added' }, note('x')]));
    expect(reading.broken).toEqual({
      line: 2,
      reason: expect.stringMatching(/not a whole note-added \(text: /),
    });
    expect(readLines(chained([note('x'), note('y')])).broken).toEqual({
      line: 1,
      reason: 'it does not start a run',
    });
  });

  it('reads ten thousand events in a moment', async () => {
    const events = Array.from({ length: 9_999 }, (_, n) =>
      n % 2 ? commandStarted(n) : commandFinished('x'.repeat(200)),
    );
    const bytes = chained([started(), ...events]);
    const before = performance.now();
    const reading = readLines(bytes);
    const took = performance.now() - before;
    expect(reading.events).toHaveLength(10_000);
    console.info(`10,000 events read and proved in ${took.toFixed(0)} ms`);
  });
});
