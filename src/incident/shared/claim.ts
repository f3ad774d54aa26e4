import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { ObjectStore } from '../../backup/object-store.ts';
import { goneKey, takenKey } from './keys.ts';
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
  const mine = claimOfHome(operator, stateFolder);
  return claimAt(store, takenKey(run, seq), mine);
}

/**
 * Takes a run whose machine is gone, for the `times`-th time that this happens to it. The machine that had it sees the
 * claim when it comes back.
 */
export async function claimGone(
  store: ObjectStore,
  run: string,
  times: number,
  operator: string,
  stateFolder: string,
): Promise<Claiming> {
  return claimAt(store, goneKey(run, times), claimOfHome(operator, stateFolder));
}

/** Who has taken a run over from a machine that was said to be gone; undefined where nobody has. */
export async function goneClaim(store: ObjectStore, run: string, times: number): Promise<Claim | undefined> {
  return readClaim(store, goneKey(run, times));
}

/** Whether a claim was made from this home. */
export function isOwn(by: Claim, stateFolder: string): boolean {
  const mine = claimOfHome(by.operator, stateFolder);
  return by.host === mine.host && by.home === mine.home;
}

async function claimAt(store: ObjectStore, key: string, mine: Claim): Promise<Claiming> {
  if (await createObject(store, key, `${JSON.stringify(mine)}\n`)) return { kind: 'mine' };
  const by = await readClaim(store, key);
  return by?.host === mine.host && by.home === mine.home ? { kind: 'mine' } : { kind: 'taken', by };
}

function claimOfHome(operator: string, stateFolder: string): Claim {
  return {
    schema: 1,
    operator,
    host: hostname(),
    home: createHash('sha256').update(stateFolder).digest('hex').slice(0, 16),
    at: new Date().toISOString(),
  };
}

/** Who has taken a run; undefined where nobody has, or where it cannot be understood. */
export async function claimOf(store: ObjectStore, run: string, seq: number): Promise<Claim | undefined> {
  return readClaim(store, takenKey(run, seq));
}

async function readClaim(store: ObjectStore, key: string): Promise<Claim | undefined> {
  const bytes = await readObject(store, key);
  if (bytes === undefined) return undefined;
  try {
    return claim.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
