import { hash } from 'node:crypto';
import type { Recorded, RunEvent, Stamp } from '../run/event.ts';

/** The file of events in a run's folder. */
export const journalName = 'journal.jsonl';

/** What the first line gives as the line before it. */
export const genesis = '0'.repeat(64);

/** Where a chain ends: the number of its last line and that line's hash. */
export interface Head {
  /** 0 for an empty journal. */
  readonly seq: number;
  /** SHA-256 (hex) of the last line without its newline; 64 zeros for an empty journal. */
  readonly hash: string;
}

export const emptyHead: Head = { seq: 0, hash: genesis };

/** SHA-256, hex, of a line without its newline. */
export function hashLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** An event as its line, without newline. The stamp comes first, so that a person who reads the file sees it first. */
export function lineOf(stamp: Stamp, event: RunEvent): string {
  const { seq, time, operator, prev } = stamp;
  return JSON.stringify({ seq, time, operator, prev, ...event });
}

/** The head that a recorded event makes: its own line, hashed. */
export function headOf(recorded: Recorded<RunEvent>): Head {
  return { seq: recorded.seq, hash: hashLine(JSON.stringify(recorded)) };
}
