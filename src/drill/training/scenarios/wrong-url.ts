import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answerLine, applicationLines, count } from '../application-state.ts';
import type { Bench } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

const rehearsal = 'members_rehearsal';

/** DATABASE_URL leads to a copy that nobody uses. */
export const wrongUrl: Scenario = {
  id: 'wrong-url',
  title: 'A release tonight: "please take a backup first"',
  level: 'second',
  break: async (bench) => {
    await bench.copyDatabase(rehearsal);
    await bench.sql('TRUNCATE order_items, payments; DELETE FROM orders WHERE id > 100', rehearsal);
    return {
      dumps: (await dumpsOf(bench)).join(' '),
      orders: await count(bench, 'SELECT count(*) FROM orders'),
    };
  },
  symptoms: (bench) => [
    'A release goes out tonight. You are to take a backup on demand before, and nothing else.',
    `The shell that you were given has DATABASE_URL set already: ${elsewhere(bench)}`,
    'A colleague has rehearsed a restore on this machine yesterday. He is on a plane.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    `the application’s own DATABASE_URL: ${bench.url}`,
    await answerLine(bench, 'orders that the application counts', 'SELECT count(*) FROM orders'),
    await answerLine(
      bench,
      'sessions by database',
      "SELECT datname || '=' || count(*) FROM pg_stat_activity WHERE datname LIKE 'members%' GROUP BY datname ORDER BY datname",
    ),
    ...(await dumpsOf(bench)).map((file) => `store: ${file}`),
  ],
  questions: [
    {
      id: 'which',
      text: 'Which database does the application work on?',
      answers: [
        {
          text: 'The one that DATABASE_URL of your shell names',
          consequence: 'Nobody has sessions there. Your shell is not the application.',
        },
        {
          text: 'Both: they are replicas of each other',
          consequence: 'They are two databases of one server; nothing flows between them.',
        },
        {
          text: 'members: there its sessions are, and there orders come in',
          right: true,
          consequence: 'pg_stat_activity shows who works where; variables show what somebody meant.',
        },
      ],
    },
    {
      id: 'silent',
      text: 'What would a backup with that DATABASE_URL look like?',
      answers: [
        {
          text: 'pg_dump would refuse: the names do not fit',
          consequence:
            'pg_dump dumps what the URL names, under the file name that you give it. Nothing compares the two.',
        },
        {
          text: 'Like a good one: right name, right place, readable – of the wrong database',
          right: true,
          consequence: 'It would be found out on the day of the restore.',
        },
        { text: 'Empty', consequence: 'The rehearsal has rows, only not yours.' },
      ],
    },
  ],
  hints: [
    'The task is small. What could be wrong with it before the first command runs?',
    'Compare DATABASE_URL of your shell with the application’s own. The procedure is "Take a backup on demand".',
    'In the values of the run, write the application’s URL at DATABASE_URL, database members, and go on.',
  ],
  procedures: ['postgres-backup.md#take-a-backup-on-demand', 'postgres-backup.md#emergency-backup'],
  path: [
    'Compare the URL that you were given with the one of the application',
    'Take "Take a backup on demand", with the right DATABASE_URL',
    'Read the pre-check: current_database must say members',
    'Let the test restore count the rows',
  ],
  check: async (bench, memo) => {
    const before = new Set(String(memo.dumps).split(' '));
    const made = (await dumpsOf(bench)).filter((file) => !before.has(file));
    const newest = made.at(-1);
    const listing = newest ? await bench.listing(join(bench.place.store, newest)) : undefined;
    return [
      { text: 'There is a new backup in the store', holds: newest !== undefined },
      { text: 'It is one of the database members', holds: /^;\s+dbname: members$/m.test(listing ?? '') },
      {
        text: 'It can be read to its end',
        holds: newest !== undefined && (await bench.readable(join(bench.place.store, newest))),
      },
    ];
  },
  environment: (bench) => ({ DATABASE_URL: elsewhere(bench) }),
  read: [
    'runbooks/postgres-backup.md: "Take a backup on demand", step 1',
    'drillbook target add: a target is written down once, and asked who it is',
  ],
};

async function dumpsOf(bench: Bench): Promise<readonly string[]> {
  const files = (await readdir(bench.place.store)).filter((name) => name.endsWith('.dump'));
  // By the time in the name, whatever stands before it.
  const time = (name: string) => /(\d{8}-\d{6})/.exec(name)?.[1] ?? '';
  return files.sort((a, b) => time(a).localeCompare(time(b)));
}

function elsewhere(bench: Bench): string {
  return bench.url.replace('/members?', `/${rehearsal}?`);
}
