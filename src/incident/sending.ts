import type { ObjectStore } from '../backup/object-store.ts';
import { lockTarget } from '../journal/lock.ts';
import { resolveReference } from '../settings/reference.ts';
import { beginTry, type Letter, putOff, told, waiting } from './outbox.ts';
import { deliver } from './sinks/deliver.ts';
import { labelOf, SinkError } from './sinks/sink.ts';

export interface Sending {
  readonly stateFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  openObjects(address: string): Promise<ObjectStore>;
  /** Also what has been put off: somebody asks for it. */
  readonly all?: boolean;
  /** A Drillbook starts: what has been put off is tried earlier than its pause says, as `startPause` has it. */
  readonly start?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds that one try may take. */
  readonly patience?: number;
  readonly now?: () => Date;
}

export interface Sent {
  readonly told: readonly Letter[];
  /** With what went wrong. */
  readonly failed: readonly Letter[];
  /** Another process sends at the moment; nothing was done here. */
  readonly elsewhere: boolean;
}

const usualPatience = 15_000;
const firstPause = 30;
const longestPause = 3_600;

/**
 * A start tries at once what has failed three times at most, and what was last tried so many seconds ago: somebody may have
 * mended what was wrong. Twenty starts in a minute must not knock twenty times at a door that is closed.
 */
const startPause = 300;
const freshTries = 3;

/**
 * Sends what is due. Places are served side by side and each in order; where one refuses, what else is for it waits
 * with a growing pause (30 s, doubled each time, at most an hour; longer where the other side asks for it). One
 * process sends at a time. Never rejects for a place that fails; rejects where the outbox itself cannot be used.
 */
export async function send(sending: Sending): Promise<Sent> {
  const { stateFolder, now = () => new Date() } = sending;
  const due = async () => (await waiting(stateFolder)).filter((one) => isDue(one, sending, now().getTime()));
  const nothing: Sent = { told: [], failed: [], elsewhere: false };
  if ((await due()).length === 0) return nothing;
  const locking = await lockTarget(stateFolder, 'outbox', 'outbox', 'drillbook');
  if (locking.kind === 'held') return { ...nothing, elsewhere: true };
  try {
    const places = Map.groupBy(await due(), ({ sink, base }) => JSON.stringify([sink, base]));
    const results = await Promise.all([...places.values()].map((letters) => serve(letters, sending)));
    return {
      told: results.flatMap((result) => result.told),
      failed: results.flatMap((result) => result.failed),
      elsewhere: false,
    };
  } finally {
    await locking.lock.release();
  }
}

function isDue({ nextAt, tries, triedAt }: Letter, { all, start }: Sending, now: number): boolean {
  if (all || Date.parse(nextAt) <= now) return true;
  if (!start) return false;
  return tries <= freshTries || triedAt === undefined || Date.parse(triedAt) + startPause * 1000 <= now;
}

async function serve(letters: readonly Letter[], sending: Sending): Promise<Pick<Sent, 'told' | 'failed'>> {
  const { stateFolder, signal, now = () => new Date() } = sending;
  const arrived: Letter[] = [];
  for (const [index, one] of letters.entries()) {
    if (signal?.aborted) return { told: arrived, failed: [] };
    const trying = await beginTry(stateFolder, one, now());
    const problem = await tryOnce(one, sending);
    if (problem === undefined) {
      await told(stateFolder, trying);
      arrived.push(trying);
      continue;
    }
    const wait = Math.max(problem.retryAfter ?? 0, pauseOf(trying.tries));
    const next = new Date(now().getTime() + wait * 1000);
    const failed = [await putOff(stateFolder, trying, problem.message, next)];
    for (const later of letters.slice(index + 1))
      failed.push(await putOff(stateFolder, later, later.problem ?? 'waits for the one before it', next));
    return { told: arrived, failed };
  }
  return { told: arrived, failed: [] };
}

/** Seconds after so many tries. */
function pauseOf(tries: number): number {
  return Math.min(longestPause, firstPause * 2 ** Math.min(20, tries - 1));
}

async function tryOnce(one: Letter, sending: Sending): Promise<SinkError | undefined> {
  const { environment, openObjects, patience = usualPatience } = sending;
  const secrets: string[] = [];
  const timeout = AbortSignal.timeout(patience);
  const signal = sending.signal ? AbortSignal.any([sending.signal, timeout]) : timeout;
  try {
    const whole = deliver(one.sink, one.message, {
      secret: async (reference) => {
        const resolved = await resolveReference(reference, environment);
        if ('problem' in resolved) throw new SinkError(resolved.problem);
        if (resolved.value !== reference) secrets.push(resolved.value);
        return resolved.value;
      },
      openObjects,
      signal,
      base: one.base,
      uncertain: one.trying,
    });
    await Promise.race([whole, rejectedBy(signal)]);
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const safe = secrets.reduce((text, secret) => text.replaceAll(secret, '•••'), words);
    return new SinkError(
      `${labelOf(one.sink)}: ${safe}`,
      error instanceof SinkError ? error.retryAfter : undefined,
    );
  }
}

/** Whatever a client does about the signal, nobody waits longer than it says. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new SinkError('no answer came in time'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
