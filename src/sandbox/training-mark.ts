import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { birthOf, type Life, lives } from './life.ts';
import { readRecord, writeRecord } from './record.ts';

interface Mark extends Life {
  readonly scenario: string;
}

const markOf = (home: string) => join(home, 'training.json');

/** Writes down that this process has broken the sandbox on purpose. */
export async function markTraining(home: string, scenario: string): Promise<void> {
  const { pid } = process;
  const mark: Mark = { pid, birth: (await birthOf(pid)) ?? '', scenario };
  await writeRecord(markOf(home), mark);
}

/** Whether a training has broken the sandbox, and whether another process is still at it. */
export async function trainingMark(home: string): Promise<'none' | 'over' | 'elsewhere'> {
  const mark = await readRecord<Mark>(markOf(home));
  if (mark === undefined) return 'none';
  return mark.pid !== process.pid && (await lives(mark)) ? 'elsewhere' : 'over';
}

/** The sandbox is as it was made. */
export async function clearTrainingMark(home: string): Promise<void> {
  await rm(markOf(home), { force: true });
  await rm(join(home, 'training'), { recursive: true, force: true });
}
