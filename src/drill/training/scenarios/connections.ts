import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerLine, applicationLines, count, holds, serves } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

const holder = 'monthly-report';
const limit = 20;
const oid = "SELECT oid::bigint FROM pg_database WHERE datname = 'members'";

/** Nobody gets in any more: something holds every connection. */
export const connectionsExhausted: Scenario = {
  id: 'connections',
  title: 'The website is down: "too many connections"',
  level: 'first',
  break: async (bench) => {
    const orders = await count(bench, 'SELECT count(*) FROM orders');
    await bench.sql(`ALTER DATABASE members CONNECTION LIMIT ${limit}`);
    return { orders };
  },
  hold: async (bench) => {
    // A sandbox that was brought back has another database of that name: it is the one to be kept from then on.
    await mkdir(bench.folder, { recursive: true });
    await writeFile(join(bench.folder, 'oid'), String(await count(bench, oid)));
    // The application takes a connection again as soon as it has lost it: the report has to come first.
    await bench.tell('/simulated/stopped', 'on');
    await bench.occupy(limit, holder);
    await bench.tell('/simulated/stopped', 'off');
  },
  symptoms: () => [
    'The website answers "service unavailable". The log of the application repeats: "too many connections for database".',
    'It began when accounting opened the new report of the month. The server itself has little to do.',
    'Somebody in the chat proposes to restore the backup, "that always helps".',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(
      bench,
      'sessions of members',
      `SELECT application_name || ' (' || state || ')=' || count(*) FROM pg_stat_activity WHERE datname = 'members' AND pid <> pg_backend_pid()
       GROUP BY application_name, state ORDER BY count(*) DESC`,
    ),
    await answerLine(
      bench,
      'most that the database lets in',
      "SELECT datconnlimit FROM pg_database WHERE datname = 'members'",
    ),
  ],
  questions: [
    {
      id: 'lost',
      text: 'Which data are lost?',
      answers: [
        {
          text: 'What was written since the backup',
          consequence: 'Nothing says so: the tables are as they were.',
        },
        {
          text: 'None: nobody gets in, that is all',
          right: true,
          consequence: 'So nothing is restored: a restore would lose data.',
        },
        {
          text: 'Every order of today',
          consequence: 'They are in the table; only the application cannot ask for them.',
        },
      ],
    },
    {
      id: 'whom',
      text: 'Whose sessions are ended?',
      answers: [
        {
          text: 'All of the server',
          consequence: 'Backups and other databases would be cut off in the middle of their work.',
        },
        { text: 'The application’s', consequence: 'It has none, and it is the one that should get in.' },
        {
          text: 'Those that idle within a transaction and belong to the report',
          right: true,
          consequence: 'Idle in transaction: they do nothing, hold their place, and may hold locks.',
        },
      ],
    },
  ],
  hints: [
    'Is anything missing in the database? If not, no backup will help. Who is connected?',
    'The runbook "Nobody gets in: connections are exhausted" ends the sessions of one holder.',
    `Take connections-exhausted.md. It asks for HOLDER, the application name of those sessions: ${holder}`,
  ],
  procedures: ['connections-exhausted.md#connections-are-exhausted'],
  path: [
    'See that no data are missing: nothing is restored',
    'Find who holds the connections, and in which state',
    'End these sessions only',
    'See the application come back by itself',
  ],
  check: async (bench, memo) => {
    const kept = Number(await readFile(join(bench.folder, 'oid'), 'utf8'));
    return [
      await holds(
        bench,
        `The sessions of ${holder} are gone`,
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = '${holder}'`,
        (rows) => rows === 0,
      ),
      await holds(bench, 'It is the same database: nothing was restored over it', oid, (now) => now === kept),
      await holds(
        bench,
        'No order is lost',
        'SELECT count(*) FROM orders',
        (rows) => rows >= Number(memo.orders),
      ),
      await serves(bench),
    ];
  },
  read: ['runbooks/connections-exhausted.md', 'PostgreSQL: idle_in_transaction_session_timeout'],
};
