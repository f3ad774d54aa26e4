import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerLine, applicationLines, count, holds, serves } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

/** A migration stopped half-way: the schema is neither old nor new. */
export const failedMigration: Scenario = {
  id: 'failed-migration',
  title: 'A deployment: "migration 20261120_orders stopped with an error"',
  level: 'second',
  break: async (bench) => {
    const orders = await count(bench, 'SELECT count(*) FROM orders');
    await bench.sql(
      'ALTER TABLE orders ADD COLUMN channel text; ALTER TABLE orders RENAME COLUMN total_cents TO total',
    );
    // Members have several orders: building it fails, and leaves an index that is not valid.
    await bench
      .sql('CREATE UNIQUE INDEX CONCURRENTLY orders_member_once ON orders (member_id)')
      .catch(() => undefined);
    const folder = join(bench.folder, 'migrations');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, '20261112_addresses_rollback.sql'),
      '-- Takes back 20261112_addresses\nALTER TABLE addresses DROP COLUMN city;\n',
    );
    await writeFile(
      join(folder, '20261120_orders_rollback.sql'),
      '-- Takes back 20261120_orders\nDROP INDEX IF EXISTS orders_member_once;\nALTER TABLE orders RENAME COLUMN total TO total_cents;\nALTER TABLE orders DROP COLUMN IF EXISTS channel;\n',
    );
    return { orders };
  },
  symptoms: (bench) => [
    'The pipeline is red: migration 20261120_orders stopped at its third statement, "could not create unique index".',
    'The shop takes no orders any more. The old version of the application is the one that runs.',
    `Every migration has a rollback script, in ${join(bench.folder, 'migrations')}: 20261112_addresses_rollback.sql and 20261120_orders_rollback.sql.`,
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(
      bench,
      'columns of orders',
      "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped",
    ),
    await answerLine(
      bench,
      'indexes that are not valid',
      'SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid',
    ),
  ],
  questions: [
    {
      id: 'half',
      text: 'The script ran without a transaction around it. What has it left?',
      answers: [
        {
          text: 'Nothing: a script that fails is taken back',
          consequence:
            'Only what runs in one transaction is taken back as one. The columns say that it did not.',
        },
        {
          text: 'What its first statements did: a renamed column, a new one, an index that is not valid',
          right: true,
          consequence: 'Neither the old application nor the new one works with that.',
        },
        {
          text: 'Locked tables that nobody can read',
          consequence: 'Its session has ended, and its locks with it.',
        },
      ],
    },
    {
      id: 'back',
      text: 'Which way back is tried first?',
      answers: [
        {
          text: 'Restore last night’s backup at once',
          consequence:
            'It would work, and lose every order since. It is the second way, when the script fails.',
        },
        {
          text: 'Run the migration again',
          consequence: 'Its first statement fails now: the column is there already.',
        },
        {
          text: 'The rollback script of this migration, in one transaction',
          right: true,
          consequence: 'It takes back the schema and leaves the rows as they are.',
        },
      ],
    },
  ],
  hints: [
    'The rows are all there; the schema is not what the application expects. What takes back a schema?',
    'The runbook "A migration failed" compares the schema with the backup’s and rolls back by the script of the migration.',
    'Take failed-migration.md. It asks for ROLLBACK_FILE: the path of 20261120_orders_rollback.sql, not of the other one.',
  ],
  procedures: ['failed-migration.md#a-migration-failed'],
  path: [
    'See what the migration has left: columns, an index that is not valid',
    'Take "A migration failed", with the rollback script of this very migration',
    'Keep a safety backup; maintenance mode on',
    'Roll back in one transaction and compare the schema with the one from before',
    'Open the application again',
  ],
  check: async (bench, memo) => [
    await holds(
      bench,
      'The schema of orders is the one from before',
      `SELECT count(*) FILTER (WHERE attname = 'total_cents') * 10 + count(*) FILTER (WHERE attname IN ('total', 'channel'))
       FROM pg_attribute WHERE attrelid = 'orders'::regclass AND NOT attisdropped`,
      (value) => value === 10,
    ),
    await holds(
      bench,
      'No index is left that is not valid',
      'SELECT count(*) FROM pg_index WHERE NOT indisvalid',
      (rows) => rows === 0,
    ),
    await holds(
      bench,
      'Addresses were left alone',
      "SELECT count(*) FROM pg_attribute WHERE attrelid = 'addresses'::regclass AND attname = 'city'",
      (rows) => rows === 1,
    ),
    await holds(
      bench,
      'No order is lost',
      'SELECT count(*) FROM orders',
      (rows) => rows >= Number(memo.orders),
    ),
    await serves(bench),
  ],
  read: [
    'runbooks/failed-migration.md, steps 2, 5 and 6',
    'runbooks/postgres-restore.md, for the day when the script fails too',
  ],
};
