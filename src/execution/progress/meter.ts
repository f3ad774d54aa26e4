import type { LiveProgress, ProgressSource } from '../../run/session.ts';
import { sanitiseLine } from '../../terminal/sanitise.ts';
import type { LineReader, Mark } from './mark.ts';
import { readOwn } from './own.ts';
import { readDump, restoreReader } from './postgres.ts';
import { readAws, readCurl } from './transfer.ts';

/** A longer line says nothing about progress. */
const longestLine = 2000;
/** Before that a rate would be a guess, in milliseconds. */
const leastTime = 1000;

/** Follows the output of one command and tells how far it is. */
export class ProgressMeter {
  readonly #read: LineReader;
  readonly #source: ProgressSource;
  #mark: Mark | undefined;
  #first: { readonly done: number; readonly at: number } | undefined;
  #rest = '';

  constructor(source: ProgressSource, read: LineReader) {
    this.#source = source;
    this.#read = read;
  }

  /** Takes masked output, read at `at` milliseconds. */
  see(chunk: Uint8Array, at: number): void {
    const text = this.#rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
    const lines = text.split(/[\r\n]+/);
    this.#rest = lines.pop()!.slice(-longestLine);
    for (const line of lines) this.#take(line, at);
    // curl and aws end a line by beginning the next one: what stands there may be whole already.
    if (text.includes('\r')) this.#take(this.#rest, at);
  }

  /** How far the command is at `at` milliseconds; undefined while it has not said anything about it. */
  read(at: number): LiveProgress | undefined {
    const mark = this.#mark;
    if (!mark || !this.#first) return undefined;
    const { done, total, unit } = mark;
    const elapsed = at - this.#first.at;
    const own = elapsed >= leastTime ? ((done - this.#first.done) * 1000) / elapsed : undefined;
    const rate = mark.rate ?? own;
    const eta = total !== undefined && rate !== undefined && rate > 0 ? (total - done) / rate : undefined;
    return {
      done,
      unit,
      source: this.#source,
      words: sanitiseLine(mark.words).slice(0, 200),
      ...(total === undefined ? {} : { total, ...percentOf(done, total) }),
      ...(rate === undefined || rate <= 0 ? {} : { rate }),
      ...(eta === undefined || eta < 0 ? {} : { eta }),
    };
  }

  #take(line: string, at: number): void {
    if (line === '' || line.length > longestLine) return;
    const mark = this.#read(line, this.#mark);
    if (mark === this.#mark || mark === undefined) return;
    // The next of several transfers begins anew.
    if (this.#mark === undefined || mark.done < this.#mark.done) this.#first = { done: mark.done, at };
    this.#mark = mark;
  }
}

function percentOf(done: number, total: number): { percent?: number } {
  return total > 0 ? { percent: Math.min(100, (done * 100) / total) } : {};
}

/**
 * The meter for a command's text, where it runs a program that tells its progress; undefined for every other. `entries`
 * is the length of the table of contents of the archive that is restored.
 */
export function meterFor(text: string, entries?: number): ProgressMeter | undefined {
  const verbose = /(?:^|\s)(?:-\w*v\w*|--verbose)(?=\s|$)/.test(text);
  if (verbose && /\bpg_restore\b/.test(text)) return new ProgressMeter('pg_restore', restoreReader(entries));
  if (verbose && /\bpg_dump\b/.test(text)) return new ProgressMeter('pg_dump', readDump);
  if (/\baws\b.*\bs3\b/s.test(text)) return new ProgressMeter('aws', readAws);
  if (/\bcurl\b/.test(text)) return new ProgressMeter('curl', readCurl);
  if (/\bdrillbook\s+(?:backup|compare)\b/.test(text)) return new ProgressMeter('drillbook', readOwn);
  return undefined;
}
