import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Head } from '../journal/line.ts';
import { holderOfRun } from '../journal/lock.ts';
import { type JournalReading, readJournal } from '../journal/read.ts';
import { readChain, readHead } from './heads.ts';

/** What a journal's chain proves. */
export interface Verification {
  readonly sound: boolean;
  /** Lines that are proved. */
  readonly lines: number;
  /** Places that had a head of this chain. Without one a changed last line or a cut tail cannot be found. */
  readonly heads: readonly string[];
  /** The first bad line, where one can be named. */
  readonly line?: number;
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
}

/** A head of the chain and where it was kept. */
export interface KeptHead extends Head {
  readonly place: string;
}

/**
 * Proves a run's journal: its chain, against every head that was kept beside it or with its entry or is given in
 * `more`, and the recorded output against the lengths and hashes in it. Throws a JournalFault where the journal
 * cannot be read.
 */
export async function verifyRun(runFolder: string, more: readonly KeptHead[] = []): Promise<Verification> {
  const { torn, ...whole } = await readJournal(runFolder);
  // A living process may be in the middle of its next line.
  const writing = torn !== undefined && (await holderOfRun(runFolder)) !== undefined;
  const reading: JournalReading = torn && !writing ? { ...whole, torn } : whole;
  const heads = [...(await keptHeads(runFolder)), ...more];
  const chain = verifyReading(reading, heads);
  const outputs = await verifyOutputs(runFolder, reading);
  return {
    ...chain,
    sound: chain.sound && outputs.length === 0,
    problems: [...chain.problems, ...outputs],
  };
}

/** The same for a journal that was read already, without its output. Pure. */
export function verifyReading(reading: JournalReading, heads: readonly KeptHead[]): Verification {
  const { broken, torn, hashes } = reading;
  const faults = [
    ...(broken ? [{ line: broken.line, problem: `line ${broken.line}: ${broken.reason}` }] : []),
    ...(torn
      ? [
          {
            line: hashes.length + 1,
            problem: `line ${hashes.length + 1} was not written to its end (${torn.bytes} bytes)`,
          },
        ]
      : []),
    ...heads.flatMap((head) => headFault(head, hashes, broken?.line)),
  ];
  const line = faults.length > 0 ? Math.min(...faults.map((fault) => fault.line)) : undefined;
  return {
    sound: faults.length === 0,
    lines: hashes.length,
    heads: heads.map((head) => head.place),
    ...(line === undefined ? {} : { line }),
    problems: faults.map((fault) => fault.problem),
  };
}

function headFault(
  { seq, hash, place }: KeptHead,
  hashes: readonly string[],
  broken: number | undefined,
): readonly { readonly line: number; readonly problem: string }[] {
  if (seq === 0) return [];
  if (seq <= hashes.length) {
    if (hashes[seq - 1] === hash) return [];
    return [{ line: seq, problem: `line ${seq} or one before it is not what ${place} says that it was` }];
  }
  // Behind a broken line nothing is proved anyway.
  if (broken !== undefined) return [];
  const missing = seq - hashes.length;
  return [
    {
      line: hashes.length + 1,
      problem: `the end was cut off: ${place} knows ${missing} more ${missing === 1 ? 'line' : 'lines'}, from line ${hashes.length + 1}`,
    },
  ];
}

async function keptHeads(runFolder: string): Promise<readonly KeptHead[]> {
  const head = await readHead(runFolder);
  const files = [
    join(runFolder, 'entry.json'),
    ...(head?.entry === undefined ? [] : [head.entry.replace(/\.md$/, '.json')]),
  ];
  const chains = await Promise.all(
    files.map(async (place) => {
      const found = await readChain(place);
      return found && (head === undefined || found.run === head.run) ? [{ ...found.chain, place }] : [];
    }),
  );
  return [
    ...(head ? [{ seq: head.seq, hash: head.hash, place: join(runFolder, 'head.json') }] : []),
    ...chains.flat(),
  ];
}

/** A recorded output that is gone is told like one that was changed: both are no longer what happened. */
async function verifyOutputs(runFolder: string, { events }: JournalReading): Promise<readonly string[]> {
  const problems: string[] = [];
  // What was printed on a machine that is gone is gone with it: the journal has the end of it, and says so.
  const own = events.findLastIndex(({ type }) => type === 'run-taken-over');
  for (const [index, event] of events.entries()) {
    if (event.type !== 'command-finished') continue;
    const { file, bytes, sha256 } = event.output;
    // A bent journal must not make us read elsewhere.
    const path = join(runFolder, 'output', basename(file));
    const found = await stat(path).catch(() => undefined);
    if (!found) {
      if (bytes > 0 && index > own) problems.push(`output/${file} is gone`);
    } else if (found.size !== bytes)
      problems.push(`output/${file} has ${found.size} bytes, recorded were ${bytes}`);
    else if ((await hashFile(path)) !== sha256) problems.push(`output/${file} was changed`);
  }
  return problems;
}

async function hashFile(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(path)) sum.update(chunk);
  return sum.digest('hex');
}
