// What backups cost on about a gigabyte, each as a ratio to what a person would do by hand on the same server in the
// same passage: create to `pg_dump -Fc > file`, restore to `createdb && pg_restore -j`, verify to
// `pg_restore -f /dev/null`, compare to a loop of count(*); create to S3, encrypted, to `pg_dump | aws s3 cp -`, which does not
// encrypt, where there is an `aws`. Alone: node test/bench/backup.ts [megabytes] [rounds].
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type Bucket, startBucket } from '../support/bucket.ts';
import { startCluster } from '../support/postgres.ts';

export interface BackupFigures {
  /** Of the database, with indexes; decimal. */
  readonly megabytes: number;
  readonly rounds: number;
  readonly rows: readonly BackupFigure[];
  /** What could not be measured here, and why. */
  readonly skipped: readonly string[];
}

export interface BackupFigure {
  readonly what: string;
  readonly byHand: string;
  /** Milliseconds, medians. */
  readonly ours: number;
  readonly theirs: number;
  /** Megabytes at the peak of our own process, without the client tools. */
  readonly memory: number;
}

/** Rows that make about a megabyte of tables and indexes. */
const rowsPerMegabyte = 5_700;

/** Measures all four; `entry` is the product's main file. Needs a few times the size of the data as disk below /tmp. */
export async function measureBackup(entry: string, megabytes = 1_050, rounds = 3): Promise<BackupFigures> {
  const cluster = await startCluster({ shared_buffers: '256MB', max_wal_size: '8GB' });
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-bench-backup-'));
  const recipient = await identityToRecipient(await generateX25519Identity());
  let bucket: Bucket | undefined;
  try {
    const rows = Math.round(megabytes * rowsPerMegabyte);
    const url = await cluster.create(
      'shop',
      `create table account (id int primary key, name text not null, created_at timestamptz not null);
       create table sale (id bigint primary key, account int not null, cents bigint, note text, at timestamptz);
       create table event (id bigint primary key, sale bigint, kind text, payload jsonb, at timestamptz);
       insert into account select i, 'account ' || i, now() from generate_series(1, ${Math.ceil(rows / 40)}) i;
       insert into sale select i, 1 + i % ${Math.ceil(rows / 40)}, i * 37 % 100000, md5(i::text) || md5((i * 7)::text), now() - i * interval '1 s' from generate_series(1, ${Math.round(rows * 0.4)}) i;
       insert into event select i, 1 + i % ${Math.round(rows * 0.4)}, (array['made', 'paid', 'sent'])[1 + i % 3], jsonb_build_object('n', i, 'hash', md5(i::text)), now() - i * interval '1 s' from generate_series(1, ${Math.round(rows * 0.6)}) i;
       alter table sale add foreign key (account) references account;
       alter table event add foreign key (sale) references sale;
       create index on sale (account);
       create index on event (at);`,
    );
    await cluster.sql('shop', 'vacuum analyze');
    await cluster.sql('postgres', 'checkpoint');
    const [size] = await cluster.sql('shop', 'select pg_database_size(current_database())::float8 as n');
    const place = `-h '${cluster.folder}' -U '${cluster.user}'`;
    const environment = {
      ...process.env,
      DATABASE_URL: url,
      BACKUP_DIR: join(folder, 'store'),
      DRILLBOOK_HOME: join(folder, 'home'),
    };
    const sums = (database: string) =>
      `psql ${place} -XAt -c "select format('select count(*), sum(hashtext(t::text)) from %I.%I t;', schemaname, tablename) from pg_tables where schemaname = 'public'" ${database} | psql ${place} -XAt ${database}`;
    const ours = (...args: string[]) => product(entry, args, environment);
    const found: Record<string, { ours: number[]; theirs: number[]; memory: number[]; byHand: string }> = {};
    const both = async (
      what: string,
      byHand: string,
      mine: () => Promise<Measured>,
      theirs: () => Promise<unknown>,
      after?: () => Promise<unknown>,
    ) => {
      const one = found[what] ?? { ours: [], theirs: [], memory: [], byHand };
      found[what] = one;
      const turns = [
        async () => {
          const { ms, memory } = await mine();
          one.ours.push(ms);
          one.memory.push(memory);
          await after?.();
        },
        async () => {
          const began = performance.now();
          await theirs();
          one.theirs.push(performance.now() - began);
          await after?.();
        },
      ];
      // Who goes first finds colder caches: they take turns.
      if (one.ours.length % 2 === 1) turns.reverse();
      for (const turn of turns) {
        await cluster.sql('postgres', 'checkpoint');
        await turn();
      }
    };
    const hasAws = spawnSync('aws', ['--version']).status === 0;
    if (hasAws) bucket = await startBucket();
    for (let round = 0; round < rounds; round += 1) {
      await both(
        'create',
        'pg_dump -Fc > file',
        () => ours('backup', 'create'),
        () => shell(`pg_dump ${place} -Fc shop > '${folder}/by-hand.dump'`),
      );
      if (bucket !== undefined) {
        const { address, environment: keys } = bucket;
        const place3 = new URL(address(`by-hand-${round}.dump`));
        await both(
          'S3',
          'pg_dump -Fc | aws s3 cp - (in the clear)',
          () =>
            product(entry, ['backup', 'create', '--store', address('ours'), '--recipient', recipient], {
              ...environment,
              ...keys,
            }),
          () =>
            shell(
              `pg_dump ${place} -Fc shop | aws --endpoint-url '${place3.searchParams.get('endpoint')}' s3 cp --only-show-errors - 's3://${place3.host}${place3.pathname}'`,
              {
                ...process.env,
                AWS_ACCESS_KEY_ID: keys.STORE_ACCESS_KEY_ID,
                AWS_SECRET_ACCESS_KEY: keys.STORE_SECRET_ACCESS_KEY,
                AWS_REGION: 'us-east-1',
                // The server of the tests knows no checksums behind the bytes.
                AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
              },
            ),
        );
      }
      await both(
        'verify',
        'pg_restore -f /dev/null',
        () => ours('backup', 'verify'),
        () => shell(`pg_restore -f /dev/null '${folder}/by-hand.dump'`),
      );
      await both(
        'restore',
        'createdb && pg_restore -j 2',
        () => ours('backup', 'restore', '--into', 'copy', '--jobs', '2'),
        () => shell(`createdb ${place} copy && pg_restore ${place} -j 2 -d copy '${folder}/by-hand.dump'`),
        () => shell(`dropdb ${place} copy`),
      );
      await both(
        'restore ',
        'the same, then vacuumdb -Z -j 2, count(*) and sum(hashtext(t::text)) of each table',
        () => ours('backup', 'restore', '--into', 'copy', '--jobs', '2'),
        () =>
          shell(
            `createdb ${place} copy && pg_restore ${place} -j 2 -d copy '${folder}/by-hand.dump' && vacuumdb ${place} -q -Z -j 2 copy && ${sums('copy')}`,
          ),
        () => shell(`dropdb ${place} copy`),
      );
      await both(
        'compare',
        'count(*) and sum(hashtext(t::text)) of each table',
        () => ours('compare'),
        () => shell(sums('shop')),
      );
      await both(
        'compare ',
        'count(*) alone, which sees no changed row',
        () => ours('compare'),
        () =>
          shell(
            `psql ${place} -XAt -c "select format('select count(*) from %I.%I;', schemaname, tablename) from pg_tables where schemaname = 'public'" shop | psql ${place} -XAt shop`,
          ),
      );
    }
    return {
      megabytes: Number(size!.n) / 1e6,
      rounds,
      rows: Object.entries(found).map(([what, one]) => ({
        what,
        byHand: one.byHand,
        ours: median(one.ours),
        theirs: median(one.theirs),
        memory: Math.max(...one.memory),
      })),
      skipped: hasAws ? [] : ['S3: there is no aws command here to hold it against'],
    };
  } finally {
    await bucket?.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures as lines. */
export function backupReport(figures: BackupFigures): string[] {
  return [
    `backups of ${figures.megabytes.toFixed(0)} MB, median of ${figures.rounds} rounds`,
    'what      ours       by hand    ratio   memory   by hand is',
    ...figures.rows.map(
      (one) =>
        `${one.what.padEnd(8)}${seconds(one.ours)}${seconds(one.theirs)}${(one.ours / one.theirs).toFixed(2).padStart(9)}${`${one.memory.toFixed(0)} MB`.padStart(9)}   ${one.byHand}`,
    ),
    ...figures.skipped.map((one) => `skipped  ${one}`),
  ];
}

interface Measured {
  readonly ms: number;
  readonly memory: number;
}

/** Tells the peak of the process's memory when it ends, in kB. */
const memoryProbe =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak%20"+process.resourceUsage().maxRSS+"\\n"))';

async function product(entry: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', memoryProbe, entry, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`drillbook ${args.join(' ')} ended with ${code}: ${said}`);
  return { ms: performance.now() - began, memory: Number(/peak (\d+)/.exec(said)?.[1] ?? Number.NaN) / 1000 };
}

async function shell(text: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const child = spawn('bash', ['-c', `set -eo pipefail; ${text}`], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${text} ended with ${code}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(10);
}

if (import.meta.main) {
  const [megabytes = '1050', rounds = '3', entry] = process.argv.slice(2);
  const main = entry ?? new URL('../../dist/main.js', import.meta.url).pathname;
  for (const line of backupReport(await measureBackup(main, Number(megabytes), Number(rounds))))
    console.log(line);
}
