import { BackupError } from '../backup/error.ts';

export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that was looked at. */
export interface Check {
  /** What it is about: `tool`, `machine`, `terminal`, `settings`, or the name of a target. */
  readonly about: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** What is so. Never with a secret in it. */
  readonly says: string;
  /** What to do; there wherever something is to be done. */
  readonly next?: string;
}

/** How long one look may take, in milliseconds. */
export const patience = 8000;

/** A look that ends: what takes longer than `patience`, or breaks, has failed and says so. */
export async function bounded(
  about: string,
  name: string,
  look: (signal: AbortSignal) => Promise<readonly Check[]>,
  patienceMs = patience,
): Promise<readonly Check[]> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Check[]>((resolve) => {
    timer = setTimeout(() => {
      ending.abort();
      resolve([
        {
          about,
          name,
          verdict: 'failed',
          says: `no answer within ${patienceMs / 1000} s`,
          next: 'See whether it can be reached from here: address, network, firewall.',
        },
      ]);
    }, patienceMs);
  });
  try {
    return await Promise.race([look(ending.signal), late]);
  } catch (error) {
    const [says, ...rest] = sentences(error);
    return [
      {
        about,
        name,
        verdict: 'failed',
        says: says!,
        next: rest.join(' ') || 'Mend that, and look again.',
      },
    ];
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong, and what its words say to do. */
function sentences(error: unknown): readonly string[] {
  const words = error instanceof Error ? error.message : String(error);
  // A fault of ours has its first line only; one of a store says what to do behind a full stop.
  const text = error instanceof BackupError ? words : (words.split('\n')[0] ?? words);
  return text.split(/(?<=\.)\s+(?=[A-Z])/);
}
