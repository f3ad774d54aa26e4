import { answerLine, applicationLines, count, holds, serves, storeLines } from '../application-state.ts';
import type { Bench } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

const replica = 'members_replica';
const lost = 'SELECT count(*) FROM bookings WHERE course_id BETWEEN 101 AND 105';

/** Rows are missing, and the address at hand is the replica's. */
export const replicaMistaken: Scenario = {
  id: 'replica',
  title: 'Missing bookings; "the address is in the wiki"',
  level: 'third',
  simulated:
    'The replica is simulated: a copy of the database that refuses to write, and answers like a server in recovery. Nothing flows to it.',
  break: async (bench) => {
    const bookings = await count(bench, lost);
    await bench.sql('DELETE FROM bookings WHERE course_id BETWEEN 101 AND 105');
    await bench.copyDatabase(replica);
    await bench.sql(
      `CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
       ALTER DATABASE ${replica} SET search_path = public, pg_catalog;
       ALTER DATABASE ${replica} SET default_transaction_read_only = on`,
      replica,
    );
    return { bookings, orders: await count(bench, 'SELECT count(*) FROM orders') };
  },
  symptoms: (bench) => [
    'The bookings of the courses 101 to 105 are gone. "Look at the replica," says a colleague, "there nobody has deleted anything."',
    `The wiki names one address, and your shell has it as DATABASE_URL: ${elsewhere(bench)}`,
    'Orders go on coming in, and none of them may be lost.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    `the application’s own DATABASE_URL: ${bench.url}`,
    await answerLine(bench, 'bookings of courses 101 to 105 (members)', lost),
    `bookings of courses 101 to 105 (${replica}): ${await replicaCount(bench)}`,
    `${replica} says of itself: in recovery = ${await recovering(bench)}`,
    ...(await storeLines(bench, 2)),
  ],
  questions: [
    {
      id: 'backup',
      text: 'Why are the rows missing on the replica too?',
      answers: [
        {
          text: 'It was made from the wrong backup',
          consequence: 'A replica repeats what the primary does; it is not made from backups.',
        },
        { text: 'They are there, and only not shown', consequence: 'It answers with what it has: none.' },
        {
          text: 'A replica repeats a DELETE within a second: it is no backup',
          right: true,
          consequence: 'It protects against a lost server, not against a wrong statement.',
        },
      ],
    },
    {
      id: 'write',
      text: 'What happens if you put the rows back at the address of the wiki?',
      answers: [
        { text: 'They come back on both', consequence: 'Nothing flows from a replica to its primary.' },
        {
          text: 'The statement is refused: the server only reads',
          right: true,
          consequence:
            '"cannot execute INSERT in a read-only transaction". Some pools hide that; look who answers.',
        },
        {
          text: 'The replica becomes the primary',
          consequence: 'That takes a promotion, which somebody decides.',
        },
      ],
    },
  ],
  hints: [
    'Who answers at the address that you were given: a primary or a replica?',
    'Rows are put back on the primary. The application’s own DATABASE_URL leads there.',
    'Take accidental-deletion.md, RESCUE_TABLE=bookings, and write the application’s URL at DATABASE_URL.',
  ],
  procedures: ['accidental-deletion.md#bring-deleted-rows-back'],
  path: [
    'See that the address of the wiki is a replica’s',
    'Take "Bring deleted rows back", with the primary’s DATABASE_URL and RESCUE_TABLE=bookings',
    'Restore beside, put the missing rows back, count them',
    'Have the wiki mended',
  ],
  check: async (bench, memo) => [
    await holds(
      bench,
      `The ${memo.bookings} bookings are back on the primary`,
      lost,
      (rows) => rows === memo.bookings,
    ),
    await holds(
      bench,
      'No order that came since is lost',
      'SELECT count(*) FROM orders',
      (rows) => rows >= Number(memo.orders),
    ),
    await serves(bench),
  ],
  environment: (bench) => ({ DATABASE_URL: elsewhere(bench) }),
  read: [
    'runbooks/postgres-backup.md, step 1: the pre-check that asks "is it a replica"',
    'runbooks/accidental-deletion.md',
  ],
};

function elsewhere(bench: Bench): string {
  return bench.url.replace('/members?', `/${replica}?`);
}

async function replicaCount(bench: Bench): Promise<string> {
  const [row] = await bench.sql(lost, replica).catch(() => []);
  return String(row?.count ?? 'no answer');
}

async function recovering(bench: Bench): Promise<string> {
  const [row] = await bench.sql('SELECT pg_is_in_recovery() AS it', replica).catch(() => []);
  return String(row?.it ?? 'no answer');
}
