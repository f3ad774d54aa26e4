import { answerLine, applicationLines, count, holds, serves, storeLines } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

const orphans =
  'SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT FROM members m WHERE m.id = o.member_id)';
const range = 'BETWEEN 500 AND 519';

/** Rows point to rows that are not there: a load ran with the triggers switched off. */
export const orphanedKey: Scenario = {
  id: 'orphaned-key',
  title: 'Accounting: "invoices without a customer"',
  level: 'third',
  break: async (bench) => {
    await bench.sql(`SET session_replication_role = replica; DELETE FROM members WHERE id ${range}`);
    return {
      orphans: await count(bench, orphans),
      purged: await count(
        bench,
        "SELECT count(*) FROM members WHERE id > 19900 AND email NOT LIKE '%@after-backup.example'",
      ),
      orders: await count(bench, 'SELECT count(*) FROM orders'),
    };
  },
  symptoms: () => [
    'Accounting writes: "The export has invoices without a name. It begins with members 500 and following."',
    'An import of today ran with the triggers switched off, so no foreign key was looked at.',
    'Beside that, thirty members were deleted today, on their own written wish: numbers above 19900. They must stay deleted.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(bench, 'orders whose member is not there', orphans),
    await answerLine(bench, `members with id ${range}`, `SELECT count(*) FROM members WHERE id ${range}`),
    await answerLine(
      bench,
      'what the catalogue says of the foreign key',
      "SELECT conname, CASE WHEN convalidated THEN 'valid' ELSE 'not valid' END FROM pg_constraint WHERE conrelid = 'orders'::regclass AND contype = 'f' AND confrelid = 'members'::regclass",
    ),
    ...(await storeLines(bench)),
  ],
  questions: [
    {
      id: 'key',
      text: 'The catalogue calls the foreign key valid. Why are there orphans all the same?',
      answers: [
        {
          text: 'The key was dropped and made again',
          consequence: 'Making it would have looked at every row and failed.',
        },
        {
          text: 'The index of the key is corrupt',
          consequence:
            'Foreign keys do not read what is missing from an index; the rows are gone from the table.',
        },
        {
          text: 'Foreign keys are held by triggers, and these were switched off',
          right: true,
          consequence: '"Valid" says that they were looked at once. Nobody looks again by himself.',
        },
      ],
    },
    {
      id: 'wanted',
      text: 'Which rows of the backup may come back?',
      answers: [
        {
          text: 'All members that are in the backup and not live',
          consequence: 'The thirty who asked to be deleted would come back: that is a breach of their right.',
        },
        {
          text: 'None: orders without members are deleted instead',
          consequence: 'These are paid invoices. The law wants them kept.',
        },
        {
          text: 'Only the members 500 to 519',
          right: true,
          consequence: 'RESCUE_WHERE narrows the rescue down to them.',
        },
      ],
    },
  ],
  hints: [
    'Parents are missing, and they are in the backup. But not everything that is in the backup may come back.',
    'The runbook "Bring deleted rows back" can be narrowed down: it asks for RESCUE_WHERE.',
    'Take accidental-deletion.md with RESCUE_TABLE=members and RESCUE_WHERE: id between 500 and 519',
  ],
  procedures: ['accidental-deletion.md#bring-deleted-rows-back'],
  path: [
    'Find out who is missing, and who must stay missing',
    'Take "Bring deleted rows back", with RESCUE_WHERE narrowed down to members 500 to 519',
    'Check the number of rows before they are put back: 20',
    'Count the orphans again: none',
  ],
  check: async (bench, memo) => [
    await holds(bench, 'No order is without its member', orphans, (rows) => rows === 0),
    await holds(
      bench,
      'Who asked to be deleted stays deleted',
      "SELECT count(*) FROM members WHERE id > 19900 AND email NOT LIKE '%@after-backup.example'",
      (rows) => rows === memo.purged,
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
    'runbooks/accidental-deletion.md, step 5: RESCUE_WHERE',
    'drillbook compare: finds orphans that the catalogue does not see',
  ],
};
