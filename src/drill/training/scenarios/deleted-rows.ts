import { answerLine, applicationLines, count, holds, serves, storeLines } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

const lost = 'SELECT count(*) FROM bookings WHERE course_id BETWEEN 301 AND 320';

/** Rows were deleted, and a user is who noticed. */
export const deletedRows: Scenario = {
  id: 'deleted-rows',
  title: 'A course leader: "my list of participants is empty"',
  level: 'first',
  break: async (bench) => {
    const bookings = await count(bench, lost);
    await bench.sql(`DELETE FROM bookings WHERE course_id BETWEEN 301 AND 320;
      INSERT INTO audit_logs (actor, action, entity, entity_id, detail)
        VALUES ('tidy-up job', 'bookings.purged', 'course', 301, '{"courses": "301 to 320"}')`);
    return { bookings, orders: await count(bench, 'SELECT count(*) FROM orders') };
  },
  symptoms: () => [
    'A course leader writes: "The list for my course, number 305, is empty. Yesterday there were people on it."',
    'A second one, of course 312, asks the same. Nobody has cancelled anything.',
    'The shop sells as always. Orders of today must not be lost: they are paid.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(
      bench,
      'bookings by course',
      `SELECT c.id || '=' || count(b.id) FROM courses c LEFT JOIN bookings b ON b.course_id = c.id
       WHERE c.id IN (299, 300, 301, 305, 312, 320, 321) GROUP BY c.id ORDER BY c.id`,
    ),
    await answerLine(
      bench,
      'newest in the audit log that is no sale',
      `SELECT to_char(at AT TIME ZONE 'UTC', 'HH24:MI:SS'), actor, action, detail::text FROM audit_logs WHERE actor <> 'shop' ORDER BY id DESC LIMIT 1`,
    ),
    await answerLine(
      bench,
      'orders since the backup',
      "SELECT count(*) FROM orders WHERE placed_at > now() - interval '1 hour'",
    ),
    ...(await storeLines(bench)),
  ],
  questions: [
    {
      id: 'what',
      text: 'What has happened?',
      answers: [
        {
          text: 'The database is corrupt: a page cannot be read',
          consequence:
            'A page that cannot be read answers with an error. Here the server answers, and says: none.',
        },
        {
          text: 'Rows of one table were deleted; the rest is as it was',
          right: true,
          consequence: 'The audit log has it: a job has purged the bookings of twenty courses.',
        },
        {
          text: 'The application shows another database',
          consequence: 'Then orders, members and courses would be other ones too. Only bookings are missing.',
        },
      ],
    },
    {
      id: 'restore-all',
      text: 'What would a restore of the whole database over the live one do?',
      answers: [
        {
          text: 'Bring the bookings back, and nothing else would change',
          consequence: 'Everything that was written since the backup would be gone, paid orders too.',
        },
        { text: 'Nothing: a backup holds no bookings', consequence: 'A backup holds every table.' },
        {
          text: 'Bring the bookings back, and lose every order since the backup',
          right: true,
          consequence: 'So the missing rows alone are brought over, from a copy that is restored beside.',
        },
      ],
    },
  ],
  hints: [
    'Nothing but the bookings of some courses is missing. What brings back rows without touching the others?',
    'The runbook "Bring deleted rows back" restores the backup beside the live database and copies over what is missing.',
    'Take accidental-deletion.md. It asks for RESCUE_TABLE and offers "members": write bookings there.',
  ],
  procedures: ['accidental-deletion.md#bring-deleted-rows-back'],
  path: [
    'See in the audit log that rows were deleted, of which table, and when',
    'Take "Bring deleted rows back", with RESCUE_TABLE=bookings',
    'Restore the backup beside the live database, never over it',
    'Put the missing rows back in one transaction, and count them',
    'Open the application again and look at it',
  ],
  check: async (bench, memo) => [
    await holds(bench, `The ${memo.bookings} bookings are back`, lost, (rows) => rows === memo.bookings),
    await holds(
      bench,
      'No order that came since is lost',
      'SELECT count(*) FROM orders',
      (rows) => rows >= Number(memo.orders),
    ),
    await serves(bench),
  ],
  read: [
    'runbooks/accidental-deletion.md, steps 4 to 7',
    'runbooks/audit-log-preservation.md: who deleted what, and when',
  ],
};
