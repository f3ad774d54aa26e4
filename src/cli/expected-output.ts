import { createReadStream } from 'node:fs';
import { sanitise } from '../terminal/sanitise.ts';

/** Characters that are looked at together at least: the longest match that is surely found. */
const overlap = 64 * 1024;
const chunkBytes = 1024 * 1024;

/**
 * True where an output file holds what the author of a command expects: `/a pattern/`, or plain text. A pattern works
 * line by line (`^` and `$`), colours and other sequences are left out. The file is read once, whatever its size.
 */
export async function outputHolds(file: string, expected: string): Promise<boolean> {
  const holds = matcher(expected);
  let text = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: chunkBytes })) {
    text += chunk;
    // A line that is not whole yet could end otherwise than it looks.
    const end = text.lastIndexOf('\n') + 1 || (text.length > overlap ? text.length : 0);
    if (end === 0) continue;
    if (holds(plain(text.slice(0, end)))) return true;
    text = text.slice(beginOfLine(text, end - overlap, end));
  }
  return holds(plain(text));
}

/** Where a line begins at or behind a place; the place itself in the middle of an endless line. */
function beginOfLine(text: string, from: number, end: number): number {
  if (from <= 0) return 0;
  const next = text.indexOf('\n', from - 1) + 1;
  return next === 0 || next >= end ? from : next;
}

/** A progress bar rewrites its line: each version of it counts. */
function plain(text: string): string {
  return sanitise(text.replace(/\r+\n?/g, '\n'));
}

function matcher(expected: string): (text: string) => boolean {
  const body = /^\/(.*)\/$/s.exec(expected)?.[1] ?? expected;
  try {
    const pattern = new RegExp(body, 'm');
    return (text) => pattern.test(text);
  } catch {
    return (text) => text.includes(body);
  }
}
