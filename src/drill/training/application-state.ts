import { setTimeout as pause } from 'node:timers/promises';
import { readCatalog } from '../../backup/catalog.ts';
import { directoryStore } from '../../backup/stores/directory.ts';
import type { TrainingCheck } from '../../run/training.ts';
import type { Bench } from './bench.ts';

/** Between two looks at the counter of sales, milliseconds: the application sells about five times a second. */
const betweenLooks = 900;

/** What the application says of itself: readiness, connections, and whether it sells. */
export async function applicationLines(bench: Bench): Promise<readonly string[]> {
  const sales = async () =>
    Number(/"sales":(\d+)/.exec((await bench.ask('/health')).text)?.[1] ?? Number.NaN);
  const before = await sales();
  const ready = await bench.ask('/health/ready');
  await pause(betweenLooks);
  const sold = (await sales()) - before;
  return [
    `GET /health/ready  →  ${ready.status || ''} ${ready.text}`,
    Number.isNaN(sold)
      ? 'sales: the application does not answer'
      : sold > 0
        ? 'sales: orders come in'
        : 'sales: NO order came in within the last second',
  ];
}

/** What the database answers to a statement, or how it refuses. */
export async function answerLine(bench: Bench, label: string, text: string): Promise<string> {
  try {
    const rows = await bench.sql(text);
    return `${label}: ${rows.map((row) => Object.values(row).join(' ')).join(', ') || 'nothing'}`;
  } catch (error) {
    return `${label}: ERROR ${(error as Error).message}`;
  }
}

/** The backups of the store, the newest first, at most `most` of them. */
export async function storeLines(bench: Bench, most = 4): Promise<readonly string[]> {
  const { backups } = await readCatalog(directoryStore(bench.place.store));
  const newest = [...backups].reverse();
  return newest.slice(0, most).map(({ file, bytes, verifications }) => {
    const last = verifications.at(-1);
    return `store: ${file}  ${bytes} bytes  ${last ? (last.passed ? 'verified' : 'FAILED verification') : 'never verified'}`;
  });
}

/** In which the application takes up its connections again, milliseconds. */
const reconnecting = 3000;

/** That the application serves again, or does so within some seconds: it reconnects by itself. */
export async function serves(bench: Bench): Promise<TrainingCheck> {
  return {
    text: 'The application serves: /health/ready answers 200',
    holds: await bench.ready(reconnecting),
  };
}

/** That a statement answers one value that holds; an error does not hold. */
export async function holds(
  bench: Bench,
  text: string,
  statement: string,
  right: (value: number) => boolean,
): Promise<TrainingCheck> {
  try {
    const [row] = await bench.sql(statement);
    return { text, holds: right(Number(Object.values(row ?? {})[0])) };
  } catch {
    return { text, holds: false };
  }
}

/** The first value of the first row, as a number. */
export async function count(bench: Bench, statement: string): Promise<number> {
  const [row] = await bench.sql(statement);
  return Number(Object.values(row ?? {})[0]);
}
