import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Recorded } from '../run/event.ts';
import { diskFault } from './fault.ts';
import { emptyHead, type Head, hashLine, journalName } from './line.ts';
import { eventFault, isKnownType, opensJournal } from './schema.ts';
import { readSmallFile } from './small-file.ts';

/** What a journal holds, and what is wrong with it. */
export interface JournalReading {
  /** Every event that this version knows, up to the first bad line. */
  readonly events: readonly Recorded[];
  /** Lines of a newer version: they stay in the file and in the chain, but are not among `events`. */
  readonly unknown: readonly { readonly line: number; readonly type: string }[];
  /** The last line was cut off by a crash while it was written; it was never acknowledged. */
  readonly torn?: { readonly bytes: number };
  /** The first line that is not what was written. */
  readonly broken?: { readonly line: number; readonly reason: string };
  /** The hash of each good line, the first one's at 0: what a head that was kept elsewhere is held against. */
  readonly hashes: readonly string[];
  /** Where the good part of the chain ends. */
  readonly head: Head;
  /** Bytes up to and with the newline of the last line that was read. */
  readonly size: number;
}

/**
 * Reads a run's journal and proves its chain. Never throws for what stands in the file; throws a JournalFault
 * where it cannot be read at all.
 */
export async function readJournal(folder: string): Promise<JournalReading> {
  const file = join(folder, journalName);
  try {
    return readLines(await readSmallFile(file));
  } catch (error) {
    throw diskFault(error, file, 'read');
  }
}

/**
 * A power cut can leave zeros where a part of the last write should stand. Any other garbled line that ends with its
 * newline was whole once, and acknowledged: to cut it off would lose a fact.
 */
const hole = Buffer.alloc(16);

interface Line {
  readonly bytes: Buffer;
  /** Offset behind its newline. */
  readonly end: number;
}

/** The same for the bytes of a journal. Pure. */
export function readLines(bytes: Buffer): JournalReading {
  const events: Recorded[] = [];
  const unknown: { line: number; type: string }[] = [];
  const lines = linesOf(bytes);
  const hashes: string[] = [];
  const head = (): Head => ({ seq: hashes.length, hash: hashes.at(-1) ?? emptyHead.hash });
  let size = 0;
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    const read = readLine(line.bytes, head(), number);
    if (read.kind === 'bad') {
      const isLast = index === lines.length - 1 && line.end === bytes.length;
      if (read.garbled && isLast && line.bytes.includes(hole)) break;
      const broken = blame(read.reason, read.unchained === true, lines, index);
      if (broken.line < number) hashes.pop();
      const good = events.filter((event) => event.seq < broken.line);
      return { events: good, unknown, broken, hashes, head: head(), size };
    }
    if (read.kind === 'known') events.push(read.event);
    else unknown.push({ line: number, type: read.type });
    hashes.push(hashLine(line.bytes));
    size = line.end;
  }
  const left = bytes.length - size;
  return { events, unknown, hashes, head: head(), size, ...(left > 0 ? { torn: { bytes: left } } : {}) };
}

/** The lines that end with a newline. */
function linesOf(bytes: Buffer): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, start)) {
    lines.push({ bytes: bytes.subarray(start, at), end: at + 1 });
    start = at + 1;
  }
  return lines;
}

type LineReading =
  | { readonly kind: 'known'; readonly event: Recorded }
  | { readonly kind: 'unknown'; readonly type: string }
  | {
      readonly kind: 'bad';
      readonly reason: string;
      readonly garbled?: boolean;
      readonly unchained?: boolean;
    };

function readLine(bytes: Buffer, before: Head, number: number): LineReading {
  const value = parse(bytes);
  if (value === undefined) return { kind: 'bad', reason: 'it is not JSON', garbled: true };
  const { seq, time, operator, prev, type } = value;
  if (seq !== number)
    return {
      kind: 'bad',
      reason: `it is numbered ${JSON.stringify(seq)} where ${number} should stand: a line was removed, added or moved`,
    };
  if (prev !== before.hash)
    return { kind: 'bad', reason: 'it does not continue the line before it', unchained: true };
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time)))
    return { kind: 'bad', reason: 'it has no time' };
  if (typeof operator !== 'string') return { kind: 'bad', reason: 'it names no operator' };
  if (typeof type !== 'string') return { kind: 'bad', reason: 'it has no type' };
  if (number === 1 ? !opensJournal(type) : type === 'run-started')
    return {
      kind: 'bad',
      reason: number === 1 ? 'it does not start a run' : 'it starts a run a second time',
    };
  if (!isKnownType(type)) return { kind: 'unknown', type };
  const fault = eventFault(value);
  if (fault) return { kind: 'bad', reason: `it is not a whole ${type} (${fault})` };
  return { kind: 'known', event: value as unknown as Recorded };
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Names the line that was changed. Where a line does not continue the one before it, either may have been: if the
 * line after it continues it, its bytes are as they were written, so the one before was changed.
 */
function blame(
  reason: string,
  unchained: boolean,
  lines: readonly Line[],
  index: number,
): { readonly line: number; readonly reason: string } {
  const here = lines[index]!;
  const next = lines[index + 1];
  if (!unchained || index === 0) return { line: index + 1, reason };
  const intact = next !== undefined && parse(next.bytes)?.prev === hashLine(here.bytes);
  if (intact) return { line: index, reason: 'it was changed: the line after it continues other text' };
  if (next) return { line: index + 1, reason: `${reason}: it was changed` };
  return {
    line: index,
    reason: `it or the last line, ${index + 1}, was changed: they do not belong together`,
  };
}
