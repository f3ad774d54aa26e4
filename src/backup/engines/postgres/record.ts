import type pg from 'pg';
import { z } from 'zod';
import { stamp } from '../../name.ts';
import { readDatabases } from './maintenance.ts';

const prefix = 'drillbook:restore ';

/**
 * What a database is in a restore, kept as its comment: on the server, so that anybody can go on from anywhere, and
 * transactional, so that it changes together with the name.
 *
 * - `new`: loaded from a backup, on its way to become the live one; `ready` once it was compared and analysed.
 * - `live`: fenced for the swap.
 * - `old`: what was live before the swap, or before an undo; fenced, the way back.
 */
const recordSchema = z.object({
  schema: z.literal(1),
  id: z.string(),
  role: z.enum(['new', 'live', 'old']),
  /** The name that applications use. */
  live: z.string(),
  backup: z.string(),
  phase: z.enum(['loading', 'ready', 'fenced', 'replaced', 'undone']),
  at: z.string(),
  /** The comment that the live database had of its own. */
  comment: z.string().nullable(),
});

export type SwapRecord = z.infer<typeof recordSchema>;

/** A database that takes part in a restore of a live one. */
export interface Participant {
  readonly name: string;
  readonly connections: boolean;
  readonly record: SwapRecord;
}

/** The text of a record. */
export function writeRecord(record: SwapRecord): string {
  return prefix + JSON.stringify(record);
}

/** Reads a comment; undefined where it is not one of ours. */
export function readRecord(comment: string | null): SwapRecord | undefined {
  if (comment === null || !comment.startsWith(prefix)) return undefined;
  try {
    const parsed = recordSchema.safeParse(JSON.parse(comment.slice(prefix.length)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Every database of the server that takes part in restores of `live`, the newest record last. */
export async function readParticipants(client: pg.Client, live: string): Promise<Participant[]> {
  return (await readDatabases(client))
    .flatMap(({ name, connections, comment }) => {
      const record = readRecord(comment) ?? (comment === null ? bareRecord(name, live) : undefined);
      return record?.live === live ? [{ name, connections, record }] : [];
    })
    .sort((a, b) => (a.record.at < b.record.at ? -1 : 1));
}

/**
 * A name for a database beside the live one: `shop_old_20260131_120000`, within PostgreSQL's 63 bytes.
 */
export function sideName(live: string, word: 'new' | 'old' | 'undone', id: string): string {
  const ending = `_${word}_${id}`;
  let base = live;
  while (Buffer.byteLength(base) + ending.length > 63) base = base.slice(0, -1);
  return base + ending;
}

/** The id of a restore or an undo that begins now: its second, and a number where that is taken already. */
export async function freeId(client: pg.Client, live: string): Promise<string> {
  const taken = new Set((await readDatabases(client)).map((one) => one.name));
  const now = stamp(new Date()).replace('-', '_');
  for (let turn = 1; ; turn += 1) {
    const id = turn === 1 ? now : `${now}_${turn}`;
    if (!(['new', 'old', 'undone'] as const).some((word) => taken.has(sideName(live, word, id)))) return id;
  }
}

/** A restore that was killed between creating its database and commenting on it is known by the name alone. */
function bareRecord(name: string, live: string): SwapRecord | undefined {
  const id = /_new_(\d{8}_\d{6}(?:_\d+)?)$/.exec(name)?.[1];
  if (id === undefined || name !== sideName(live, 'new', id)) return undefined;
  return {
    schema: 1,
    id,
    role: 'new',
    live,
    backup: 'an unknown backup',
    phase: 'loading',
    at: '',
    comment: null,
  };
}
