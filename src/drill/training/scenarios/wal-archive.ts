import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerLine, applicationLines, holds } from '../application-state.ts';
import type { Scenario } from '../scenario.ts';

/** What stands in the server's files: pg_settings hides it as long as archiving is off. */
const setting =
  "SELECT setting FROM pg_file_settings WHERE name = 'archive_command' ORDER BY seqno DESC LIMIT 1";

/** The archive of the write-ahead log is written over by a second server. */
export const walArchive: Scenario = {
  id: 'wal-archive',
  title: 'An auditor: "your point-in-time recovery would not work"',
  level: 'third',
  simulated:
    'Archiving itself is off in the sandbox: the settings are real, the segments in the folder are samples. The restart that switches it on is not part of the training.',
  break: async (bench) => {
    const folder = join(bench.folder, 'wal');
    await mkdir(folder, { recursive: true });
    for (const [name, from] of [
      ['0000000100000000000000A1', 'members'],
      ['0000000100000000000000A2', 'members'],
      ['0000000100000000000000A3', 'shop-test: written over the segment of members'],
    ] as const)
      await writeFile(join(folder, name), `${from}\n`);
    return { folder };
  },
  hold: async (bench, memo) => {
    await bench.sql(`ALTER SYSTEM SET archive_command = 'cp "%p" "${memo.folder}/%f"'`, 'postgres');
    await bench.sql('SELECT pg_reload_conf()', 'postgres');
  },
  symptoms: (_bench, memo) => [
    `The auditor has looked into the archive, ${memo.folder}: a segment in it belongs to another server.`,
    'Since last week a test server was set up from the same template, with the same archive folder.',
    'The server is restarted on Sunday at four, by the colleagues who may: you change the settings, and nobody restarts now.',
  ],
  shows: async (bench, memo) => [
    ...(await applicationLines(bench)),
    await answerLine(bench, 'archive_command, as it is set', setting),
    `archive: ${(await readdir(String(memo.folder)).catch(() => [])).length} segments in ${memo.folder}`,
  ],
  questions: [
    {
      id: 'cp',
      text: 'What does cp "%p" "…/%f" do where the segment is there already?',
      answers: [
        {
          text: 'It fails, and the server tries again',
          consequence: 'cp replaces a file without a word and says that all is well.',
        },
        { text: 'It keeps both', consequence: 'There is one name, and one file.' },
        {
          text: 'It replaces it, and the server believes that the segment is safe',
          right: true,
          consequence: 'One segment that is missing ends every recovery at that point.',
        },
      ],
    },
    {
      id: 'restart',
      text: 'What is true of a base backup that was taken before the segment was written over?',
      answers: [
        {
          text: 'It can be recovered to any time',
          consequence: 'Recovery reads segment after segment: it ends at the hole.',
        },
        {
          text: 'It can be recovered up to the segment that is missing; a new base backup is needed',
          right: true,
          consequence: 'So a new one is taken as soon as the archive is sound.',
        },
        { text: 'It is worthless', consequence: 'Up to the hole it is as good as before.' },
      ],
    },
  ],
  hints: [
    'Two servers write into one folder, and the later one wins. What has to refuse?',
    'The runbook on point-in-time recovery has a procedure for setting up an archive: a folder of its own, and a command that never replaces.',
    'Take point-in-time-recovery.md, "Set up the archive", option A, with a WAL_ARCHIVE that does not exist yet. Skip what wants the restart, with that reason.',
  ],
  procedures: ['point-in-time-recovery.md#set-up-the-archive'],
  path: [
    'Read archive_command and say what it does to a segment that is there',
    'Take "Set up the archive", with a folder that no other server has',
    'Skip the verification with the reason that it wants the restart of Sunday',
    'Note that a new base backup is due after it',
  ],
  check: async (bench, memo) => [
    await holds(
      bench,
      'archive_command refuses a segment that is there',
      `SELECT count(*) FROM (${setting}) now WHERE setting ~ 'test ! -f|mv -n|cp -n|ln '`,
      (rows) => rows === 1,
    ),
    await holds(
      bench,
      'It leads to a folder that no other server has',
      `SELECT count(*) FROM (${setting}) now WHERE position('${String(memo.folder).replaceAll("'", "''")}/' IN setting) = 0`,
      (rows) => rows === 1,
    ),
  ],
  read: ['runbooks/point-in-time-recovery.md: "Set up the archive" and "Take a base backup"'],
};
