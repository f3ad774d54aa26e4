import { answerLine, applicationLines, count, holds, serves, storeLines } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

/** A table is gone, with everything that hangs on it. */
export const droppedTable: Scenario = {
  id: 'dropped-table',
  title: 'An alarm: "relation does not exist" on every course page',
  level: 'second',
  break: async (bench) => {
    const bookings = await count(bench, 'SELECT count(*) FROM bookings');
    await bench.sql('DROP TABLE bookings');
    return { bookings };
  },
  symptoms: () => [
    'The alarm of the website fires: every page with a course answers 500, since some minutes.',
    'A colleague has cleaned up "unused tables" with a script that was meant for staging. He is sorry.',
    'The head of the club says: better to lose the sales of the last minutes than to open tomorrow without course lists.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(bench, 'course page', 'SELECT count(*) FROM bookings WHERE course_id = 305'),
    await answerLine(
      bench,
      'tables',
      "SELECT count(*) || ' in schema public, 11 are expected' FROM pg_tables WHERE schemaname = 'public'",
    ),
    ...(await storeLines(bench)),
  ],
  questions: [
    {
      id: 'way',
      text: 'Why does bringing back single rows not work here?',
      answers: [
        {
          text: 'It does: the rows are inserted and PostgreSQL makes the table',
          consequence: 'There is no table that they could be inserted into; INSERT never makes one.',
        },
        {
          text: 'The table itself is gone, with its keys, defaults and constraints',
          right: true,
          consequence: 'What defines the table is in the backup too, so the backup is restored.',
        },
        {
          text: 'A dump holds no rows, only tables',
          consequence: 'A dump holds both, unless it was told otherwise.',
        },
      ],
    },
    {
      id: 'before',
      text: 'What is done before anything is restored?',
      answers: [
        {
          text: 'Nothing: time counts',
          consequence: 'A restore that goes wrong would leave you with less than you have now.',
        },
        {
          text: 'The damaged table is looked for in the recycle bin of the server',
          consequence: 'PostgreSQL has none: DROP TABLE removes the files at the end of the transaction.',
        },
        {
          text: 'A backup of what is there now, and maintenance mode',
          right: true,
          consequence: 'The damaged database has the only copy of what came since the backup.',
        },
      ],
    },
  ],
  hints: [
    'What is missing is a whole table. Which procedure brings back definitions as well as rows?',
    'A restore of the backup into a new database, and then a swap of the two names: "Restore a PostgreSQL database".',
    'Take postgres-restore.md with the verified backup of the store, and go all the way through it.',
  ],
  procedures: ['postgres-restore.md#restore-a-postgresql-database'],
  path: [
    'See that the table itself is gone, not its rows',
    'Take "Restore a PostgreSQL database"',
    'Keep the damaged state: a safety backup, read to its end',
    'Restore beside, compare with the manifest, swap by name',
    'Open the application again; the old database stays as the way back',
  ],
  check: async (bench, memo) => [
    await holds(
      bench,
      'The table bookings is there with its rows',
      'SELECT count(*) FROM bookings',
      (rows) => rows === memo.bookings,
    ),
    await holds(
      bench,
      'Its foreign keys are there',
      "SELECT count(*) FROM pg_constraint WHERE conrelid = 'bookings'::regclass AND contype = 'f'",
      (keys) => keys === 2,
    ),
    await serves(bench),
  ],
  read: ['runbooks/postgres-restore.md', 'its troubleshooting: how to swap back'],
};
