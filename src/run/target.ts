/** Where a target stands. */
export const environments = ['production', 'staging', 'local', 'sandbox'] as const;

export type Environment = (typeof environments)[number];

/** A target as a run knows it: no secret in it, safe for the journal and the screen. */
export interface Target {
  readonly name: string;
  readonly environment: Environment;
  readonly engine: 'postgres' | 'sqlite';
  /** The database that typed phrases name. */
  readonly database: string;
  /** `host:port` or a socket folder, for the screen. */
  readonly address: string;
  /** Lower-case words that pre-select options: `railway`, `render`, `docker`, `sandbox`. */
  readonly tags: readonly string[];
  /** Health check of the application, if it has one. */
  readonly health?: string;
  /** Seconds. */
  readonly objectives: { readonly rto?: number; readonly rpo?: number };
}

/** Who a server says that it is. Asked before a run and again before every guarded command. */
export interface Identity {
  /** PostgreSQL's system identifier; absent where the role may not read it. */
  readonly system?: string;
  readonly address: string;
  readonly database: string;
  /** The database exists on that server. */
  readonly exists: boolean;
  readonly replica: boolean;
  readonly version: string;
}

/** The first difference that matters between two answers, in words; undefined where they are the same server and database. */
export function identityDifference(before: Identity, now: Identity): string | undefined {
  if (before.system !== now.system)
    return `system identifier was ${before.system ?? 'not readable'}, is ${now.system ?? 'not readable'}`;
  if (before.address !== now.address) return `address was ${before.address}, is ${now.address}`;
  if (before.database !== now.database) return `database was ${before.database}, is ${now.database}`;
  if (before.replica !== now.replica)
    return now.replica
      ? 'the server was a primary and is now a replica'
      : 'the server was a replica and is now a primary';
  return undefined;
}
