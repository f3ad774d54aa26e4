import { addCutBackup } from '../aged-backups.ts';
import { answerLine, applicationLines, count, holds, serves, storeLines } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

/** A restore is needed, and the newest backup is cut off: the trap. */
export const corruptBackup: Scenario = {
  id: 'corrupt-backup',
  title: 'A script emptied the payments; "restore the newest backup, quickly"',
  level: 'third',
  break: async (bench) => {
    const { cut, good } = await addCutBackup(bench.place.store);
    const payments = await count(
      bench,
      'SELECT count(*) FROM payments WHERE invoice <= (SELECT min(invoice) + 1000 FROM payments)',
    );
    await bench.sql('DROP TABLE payments CASCADE');
    return { cut, good, payments };
  },
  symptoms: () => [
    'A script for tests ran against production and dropped the table of the payments. No order can be paid any more.',
    'Your manager on the phone: "There is a backup of right before. Take the newest and restore it, quickly!"',
    'Nobody has looked at the backups since the disk of the store was exchanged.',
  ],
  shows: async (bench) => [
    ...(await applicationLines(bench)),
    await answerLine(bench, 'payments', 'SELECT count(*) FROM payments'),
    ...(await storeLines(bench)),
  ],
  questions: [
    {
      id: 'listing',
      text: 'pg_restore --list prints the contents of the newest backup without an error. What does that say?',
      answers: [
        {
          text: 'The backup is whole',
          consequence:
            'The listing stands at the beginning of the file. A dump that was cut in the middle still lists.',
        },
        {
          text: 'That its beginning can be read, no more',
          right: true,
          consequence: 'Only reading it to its end (pg_restore -f /dev/null), or its checksum, says more.',
        },
        {
          text: 'The backup holds no rows',
          consequence: 'A listing never shows rows, of a good backup neither.',
        },
      ],
    },
    {
      id: 'bad',
      text: 'The newest backup turns out to be cut off. What now?',
      answers: [
        {
          text: 'Restore it all the same: most of it is there',
          consequence:
            'Which tables are missing is chance; the restore stops at the end of what can be read.',
        },
        { text: 'Give up: the payments are lost', consequence: 'There is an older one.' },
        {
          text: 'Take the one before, once it was read to its end',
          right: true,
          consequence: 'Some minutes of data more are lost. The incident entry says so.',
        },
      ],
    },
  ],
  hints: [
    'Do not believe a backup because it is new. What does the second step of the restore look at?',
    'Take "Restore a PostgreSQL database". Its step 2 fails on the cut backup: that is the guard, not the obstacle.',
    'In the values of the run, press Tab on BACKUP_FILE and take the older backup.',
  ],
  procedures: ['postgres-restore.md#restore-a-postgresql-database'],
  path: [
    'Take "Restore a PostgreSQL database"',
    'Read the newest backup to its end, and see that it is cut off',
    'Take the one before, and read that to its end too',
    'Restore beside, compare, swap, open again',
    'Say in the entry which backup was bad: nobody may trust it tomorrow',
  ],
  check: async (bench, memo) => [
    await holds(
      bench,
      'The payments are back',
      'SELECT count(*) FROM payments WHERE invoice <= (SELECT min(invoice) + 1000 FROM payments)',
      (rows) => rows === memo.payments,
    ),
    await holds(
      bench,
      'The database is whole: every foreign key and the triggers of the audit log',
      `SELECT (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace) * 10
        + (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_logs'::regclass AND NOT tgisinternal)`,
      (value) => value === foreignKeys * 10 + 2,
    ),
    await serves(bench),
  ],
  read: [
    'runbooks/postgres-restore.md, step 2',
    'runbooks/backup-health.md: the daily check finds such a backup on its day',
  ],
};

/** In the sample's schema. */
const foreignKeys = 10;
