import { dumpers, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const dumpHasNoDestination: Rule = {
  id: 'dump-has-no-destination',
  severity: 'error',
  summary: 'the dump goes to the screen and is kept nowhere',
  why: 'The whole database scrolls by, with everything that is private in it, and afterwards there is no backup.',
  instead: 'Name a file: pg_dump --format=custom --file="$FILE"',
  examples: {
    bad: [inShell('pg_dump "$DATABASE_URL" --exclude-table=temp_data')],
    good: [
      inShell('pg_dump "$DATABASE_URL" -f backup.sql'),
      inShell('pg_dump "$DATABASE_URL" | gzip > backup.sql.gz'),
      inShell('pg_dump --version'),
      inShell('pg_dump --table=members … > members.sql'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const { name, options, words, output, pipeline, captured } = invocation;
      if (!dumpers.has(name) || name === 'mongodump' || output || captured) continue;
      if (pipeline && invocation.stage < pipeline.stages.length - 1) continue;
      if (options.has('-f', '--file', '--result-file', '-r', '--help', '--version', '-V', '-?')) continue;
      if (words.length === 0 || words.some((word) => /\.\.\.|…/.test(word.text))) continue;
      if (doing?.part.kind === 'command' && doing.part.offered) continue;
      report(script.place(invocation.start, invocation.end), {
        message: `${name} without a file, a redirection or a pipe prints the dump`,
      });
    }
  },
};
