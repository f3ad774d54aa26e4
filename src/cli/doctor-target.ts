import { randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { withConnection } from '../backup/engines/postgres/connect.ts';
import { addressOf, parseLogin } from '../backup/engines/postgres/login.ts';
import { findTool, type ToolName } from '../backup/engines/postgres/tool.ts';
import { isRemote } from '../backup/stores/address.ts';
import { openStore } from '../backup/stores/open.ts';
import { productionSmells } from '../settings/production-smell.ts';
import type { TargetSettings } from '../settings/target-settings.ts';
import { readyTarget } from '../settings/targets.ts';
import { bounded, type Check, patience } from './doctor-check.ts';

/** A clock that is off by more makes times of a journal and of a server hard to bring together; in seconds. */
const tolerated = 5;

/** A bucket with thousands of files is listed page by page; in milliseconds. */
const storePatience = 20_000;

export interface TargetQuestion {
  readonly name: string;
  readonly settings: TargetSettings;
  /** What relative paths of the settings count from. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Writes nothing anywhere, not even a probe that is removed at once. */
  readonly readOnly: boolean;
}

/** Everything about a target: its settings, its server, its rights, its store. */
export async function targetChecks(question: TargetQuestion): Promise<readonly Check[]> {
  const { name, settings, folder, environment } = question;
  const about = name;
  const smells = productionSmells({ name, url: settings.url });
  const environmentCheck: Check =
    settings.environment !== 'production' && smells.length > 0
      ? {
          about,
          name: 'environment',
          verdict: 'warning',
          says: `${settings.environment}, but ${smells.join('; ')}`,
          next: 'Set environment: production where it is, so that it is guarded as such.',
        }
      : { about, name: 'environment', verdict: 'ok', says: settings.environment };
  const database = bounded(about, 'connection', async () => {
    const ready = await readyTarget(name, settings, folder, environment);
    if ('problem' in ready)
      return [
        {
          about,
          name: 'connection',
          verdict: 'failed',
          says: ready.problem,
          next: /is no postgresql:\/\/ URL$/.test(ready.problem)
            ? 'Write it as postgresql://USER@HOST:PORT/DATABASE, or as env:NAME where a variable has it.'
            : 'Set it where Drillbook is started (what stands in .env: set -a; . ./.env; set +a), or change the reference in the settings.',
        },
      ];
    return ready.target.engine === 'sqlite'
      ? sqliteChecks(about, ready.target.address)
      : serverChecks(about, ready.url);
  });
  const store =
    settings.store === undefined
      ? noStore(about)
      : bounded(about, 'store', (signal) => storeChecks(question, signal), storePatience);
  return [environmentCheck, ...(await database), ...(await store)];
}

async function noStore(about: string): Promise<readonly Check[]> {
  return [
    {
      about,
      name: 'store',
      verdict: 'warning',
      says: 'none: there is nowhere to find or to put backups',
      next: 'Give the target a store: a folder, or s3://BUCKET/PREFIX.',
    },
  ];
}

async function sqliteChecks(about: string, file: string): Promise<readonly Check[]> {
  await access(file, constants.R_OK);
  const writable = await Promise.all([
    access(file, constants.W_OK),
    access(dirname(file), constants.W_OK),
  ]).then(
    () => true,
    () => false,
  );
  return [
    { about, name: 'connection', verdict: 'ok', says: `${file} can be read` },
    writable
      ? { about, name: 'rights', verdict: 'ok', says: 'file and folder can be written' }
      : {
          about,
          name: 'rights',
          verdict: 'warning',
          says: 'the file or its folder cannot be written: a restore swaps the file',
          next: 'Run as the user whose file it is.',
        },
  ];
}

interface Answer {
  readonly version: string;
  readonly number: number;
  readonly replica: boolean;
  readonly role: string;
  readonly superuser: boolean;
  readonly createdb: boolean;
  readonly owner: boolean;
  readonly terminates: boolean;
  readonly at: Date;
}

const asked = `SELECT current_setting('server_version') AS version,
  current_setting('server_version_num')::int AS number,
  pg_is_in_recovery() AS replica,
  rolname AS role, rolsuper AS superuser, rolcreatedb OR rolsuper AS createdb,
  pg_has_role(current_user, datdba, 'USAGE') AS owner,
  rolsuper OR pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AS terminates,
  clock_timestamp() AS at
FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`;

async function serverChecks(about: string, url: string): Promise<readonly Check[]> {
  const login = parseLogin(url);
  const limits = { timeoutMs: patience / 2, queryTimeoutMs: patience / 2 };
  const { answer, skew } = await withConnection(login, limits, async (client) => {
    const before = Date.now();
    const { rows } = await client.query<Answer>(asked);
    const between = (before + Date.now()) / 2;
    return { answer: rows[0]!, skew: (rows[0]!.at.getTime() - between) / 1000 };
  });
  const major = Math.floor(answer.number / 10_000);
  const tools = await Promise.all(
    (['psql', 'pg_dump', 'pg_restore'] as const).map((tool) => matching(about, tool, major)),
  );
  return [
    {
      about,
      name: 'connection',
      verdict: answer.replica ? 'warning' : 'ok',
      says: `PostgreSQL ${answer.version} at ${addressOf(login)}${answer.replica ? ', a replica' : ''}`,
      ...(answer.replica ? { next: 'A replica takes no restore: name the primary.' } : {}),
    },
    right(
      about,
      'createdb',
      answer.createdb,
      answer.role,
      `ALTER ROLE ${answer.role} CREATEDB`,
      'restore beside the live database',
    ),
    right(
      about,
      'owner',
      answer.owner,
      answer.role,
      `ALTER DATABASE ${login.database} OWNER TO ${answer.role}`,
      'rename and fence the database',
    ),
    right(
      about,
      'terminate',
      answer.terminates,
      answer.role,
      `GRANT pg_signal_backend TO ${answer.role}`,
      "end other roles' sessions",
    ),
    ...tools,
    Math.abs(skew) > tolerated
      ? {
          about,
          name: 'clock',
          verdict: 'warning',
          says: `the server's clock is ${Math.abs(skew).toFixed(0)} s ${skew > 0 ? 'ahead' : 'behind'}`,
          next: 'Set the clocks by NTP: times of the journal and of the server are compared.',
        }
      : { about, name: 'clock', verdict: 'ok', says: 'agrees with the server' },
  ];
}

function right(about: string, name: string, has: boolean, role: string, grant: string, why: string): Check {
  return has
    ? { about, name, verdict: 'ok', says: `${role} may ${why}` }
    : {
        about,
        name,
        verdict: 'warning',
        says: `${role} may not ${why}`,
        next: `As a superuser: ${grant}; or give the target an admin_url of a role that may.`,
      };
}

async function matching(about: string, tool: ToolName, major: number): Promise<Check> {
  try {
    const found = await findTool(tool, major);
    return { about, name: tool, verdict: 'ok', says: `${found.version} fits the server (${found.path})` };
  } catch (error) {
    const words = (error as Error).message;
    const end = words.indexOf('. ');
    return {
      about,
      name: tool,
      verdict: 'failed',
      says: end < 0 ? words : words.slice(0, end),
      next: end < 0 ? `Install the client tools of PostgreSQL ${major}.` : words.slice(end + 2),
    };
  }
}

/** Lists the store, and writes, reads and removes a file of no consequence where that is allowed. */
async function storeChecks(
  { name: about, settings, folder, environment, readOnly }: TargetQuestion,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const address = settings.store!;
  const store = await openStore(isRemote(address) ? address : resolve(folder, address), environment);
  // Who is waited for no longer must not hold the process.
  signal.addEventListener('abort', () => store.close?.());
  try {
    const files = await store.list();
    const listed: Check = {
      about,
      name: 'store',
      verdict: 'ok',
      says: `${store.location}: ${files.length} files`,
    };
    if (readOnly)
      return [listed, { about, name: 'store write', verdict: 'skipped', says: 'nothing is written' }];
    const probe = `drillbook-doctor-${randomUUID()}.probe`;
    const bytes = Buffer.from('a probe of drillbook doctor; it may be removed\n');
    try {
      await store.write(
        probe,
        (async function* () {
          yield bytes;
        })(),
        { signal },
      );
    } catch (error) {
      return [
        listed,
        {
          about,
          name: 'store write',
          verdict: 'warning',
          says: `nothing can be written: ${(error as Error).message}`,
          next: 'Fine for a machine that only restores; one that makes backups needs the right to write.',
        },
      ];
    }
    const parts: Buffer[] = [];
    for await (const part of await store.read(probe, { signal })) parts.push(part);
    const same = Buffer.concat(parts).equals(bytes);
    const removed = await store.remove(probe).then(
      () => true,
      () => false,
    );
    return [
      listed,
      same
        ? { about, name: 'store write', verdict: 'ok', says: 'a file was written and read again' }
        : {
            about,
            name: 'store write',
            verdict: 'failed',
            says: 'what was read is not what was written',
            next: 'Do not trust backups there before that is mended.',
          },
      removed
        ? { about, name: 'store delete', verdict: 'ok', says: 'it was removed again' }
        : {
            about,
            name: 'store delete',
            verdict: 'warning',
            says: `nothing can be removed; ${probe} stays`,
            next: "Fine where a lock holds backups; then retention is the lifecycle rules' affair.",
          },
    ];
  } finally {
    store.close?.();
  }
}
