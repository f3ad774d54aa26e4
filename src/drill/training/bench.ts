import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { connected, connectionTo } from '../../sandbox/connection.ts';
import { eventually } from '../../sandbox/life.ts';
import { knownPlace } from '../../sandbox/place.ts';
import { database } from '../../sandbox/sample/seed.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { copy, type SnapshotPlace } from '../../sandbox/snapshot.ts';

/** A value of a row; a count comes as text. */
// biome-ignore lint/suspicious/noExplicitAny: what a row holds is the server's business
export type Row = Record<string, any>;

/** The sandbox as a scenario breaks it and looks at it. */
export interface Bench {
  readonly place: SnapshotPlace;
  /** Folder for files of the scenario: scripts that a trainee is told of. */
  readonly folder: string;
  readonly applicationUrl: string;
  /** Connection URL of the live database. */
  readonly url: string;
  /** Runs statements; the rows of the last. `where` is a database, the live one unless given. */
  sql(text: string, where?: string): Promise<readonly Row[]>;
  /** Copies the live database under another name. */
  copyDatabase(to: string): Promise<void>;
  /** The table of contents of a dump, as `pg_restore --list` prints it; undefined where it cannot be read. */
  listing(file: string): Promise<string | undefined>;
  /** Whether a dump can be read to its end. */
  readable(file: string): Promise<boolean>;
  /** Opens sessions that stay until `letGo`: as the application's role, idle within a transaction. */
  occupy(count: number, application: string): Promise<number>;
  letGo(): Promise<void>;
  /** Turns a switch of the application: "on" or "off". */
  tell(path: string, word: 'on' | 'off'): Promise<void>;
  /** Waits until the application is ready, for at most so many milliseconds. */
  ready(patience?: number): Promise<boolean>;
  /** What the application answers on a path: status and body. */
  ask(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

/** A bench over a sandbox that runs. Throws where it does not. */
export async function benchOf(sandbox: Sandbox): Promise<Bench> {
  const status = await sandbox.status();
  const place = await knownPlace(status.home);
  if (!place) throw new Error('the sandbox is not there');
  const held: pg.Client[] = [];
  const ask: Bench['ask'] = async (path) => {
    try {
      const answer = await fetch(`${sandbox.variables.APP_URL}${path}`, {
        signal: AbortSignal.timeout(6000),
      });
      return { status: answer.status, text: (await answer.text()).trim() };
    } catch (error) {
      return { status: 0, text: `no answer: ${(error as Error).message}` };
    }
  };
  const program = (name: string) => join(sandbox.path.at(-1) ?? '', name);
  const run = promisify(execFile);
  return {
    place,
    folder: join(place.home, 'training'),
    applicationUrl: sandbox.variables.APP_URL ?? '',
    url: sandbox.variables.DATABASE_URL ?? '',
    sql: (text, where = database) =>
      connected(place, where, async (client) => {
        const result = (await client.query(text)) as unknown as pg.QueryResult | pg.QueryResult[];
        return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
      }),
    copyDatabase: (to) => connected(place, 'postgres', (client) => copy(client, database, to)),
    listing: (file) =>
      run(program('pg_restore'), ['--list', file], { maxBuffer: 16 * 1024 * 1024 }).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
    readable: (file) =>
      run(program('pg_restore'), ['--file=/dev/null', file]).then(
        () => true,
        () => false,
      ),
    occupy: async (count, application) => {
      for (let i = 0; i < count; i++) {
        const client = new pg.Client(connectionTo(place.socket, database, 'members_app', application));
        // It may be ended at any time: that is what the scenario is about.
        client.on('error', () => {});
        try {
          await client.connect();
          await client.query(
            'SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT count(*) FROM plans',
          );
          held.push(client);
        } catch {
          await client.end().catch(() => {});
          break;
        }
      }
      return held.length;
    },
    letGo: async () => {
      await Promise.all(held.splice(0).map((client) => client.end().catch(() => {})));
    },
    tell: async (path, word) => {
      await fetch(`${sandbox.variables.APP_URL}${path}`, { method: 'PUT', body: word });
    },
    ready: (patience = 10_000) =>
      eventually(async () => (await ask('/health/ready')).status === 200, patience, 100),
    ask,
  };
}
