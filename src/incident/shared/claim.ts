import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { ObjectStore } from '../../backup/object-store.ts';
import { takenKey } from './keys.ts';
import { createObject, readObject } from './objects.ts';

/** Who goes on with a run that was given away. */
export interface Claim {
  readonly schema: 1;
  readonly operator: string;
  readonly host: string;
  /** Tells two homes on one machine apart; says nothing else. */
  readonly home: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

const claim = z.object({
  schema: z.literal(1),
  operator: z.string(),
  host: z.string(),
  home: z.string(),
  at: z.string(),
}) satisfies z.ZodType<Claim>;

export type Claiming = { readonly kind: 'mine' } | { readonly kind: 'taken'; readonly by: Claim | undefined };

/**
 * Takes a run that was given away with line `seq` of its journal. The store lets one take it; who has it already, after
 * a crash for example, has it still.
 */
export async function claimRun(
  store: ObjectStore,
  run: string,
  seq: number,
  operator: string,
  stateFolder: string,
): Promise<Claiming> {
  const mine: Claim = {
    schema: 1,
    operator,
    host: hostname(),
    home: createHash('sha256').update(stateFolder).digest('hex').slice(0, 16),
    at: new Date().toISOString(),
  };
  if (await createObject(store, takenKey(run, seq), `${JSON.stringify(mine)}\n`)) return { kind: 'mine' };
  const by = await claimOf(store, run, seq);
  return by?.host === mine.host && by.home === mine.home ? { kind: 'mine' } : { kind: 'taken', by };
}

/** Who has taken a run; undefined where nobody has, or where it cannot be understood. */
export async function claimOf(store: ObjectStore, run: string, seq: number): Promise<Claim | undefined> {
  const bytes = await readObject(store, takenKey(run, seq));
  if (bytes === undefined) return undefined;
  try {
    return claim.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
