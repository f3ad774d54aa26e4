import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const pgDumpParallelNeedsDirectory: Rule = {
  id: 'pg-dump-parallel-needs-directory',
  severity: 'error',
  summary: 'pg_dump works in parallel with the directory format only',
  why: 'It refuses at once, and a redirection has already left an empty file that looks like the emergency backup.',
  instead: 'pg_dump --format=directory --jobs=4 --file=FOLDER, or leave --jobs out.',
  examples: {
    bad: [
      inShell('pg_dump "$DATABASE_URL" --format=custom --jobs=4 --file=backup.dump'),
      inShell('pg_dump -j 4 -f backup.sql app'),
    ],
    good: [
      inShell('pg_dump "$DATABASE_URL" -Fd -j 4 -f backup'),
      inShell('pg_dump --format=custom -f backup.dump app'),
      inShell('pg_dump -Fc -j 1 -f b.dump app'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const jobs = invocation.options.value('-j', '--jobs');
      if (invocation.name !== 'pg_dump' || !jobs || jobs.text === '1') continue;
      const format = invocation.options.value('-F', '--format');
      if (format && (!format.known || /^d/.test(format.text))) continue;
      report(script.place(invocation.start, invocation.end), {
        message: `--jobs with the ${format ? format.text : 'plain'} format is refused by pg_dump`,
      });
    }
  },
};
