import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const cleanWithoutIfExists: Rule = {
  id: 'clean-without-if-exists',
  severity: 'warning',
  summary: '--clean drops objects that need not be there, and each is an error',
  why: 'On an empty database every DROP fails. Real errors are lost among hundreds of harmless ones, and the exit code is 1 either way.',
  instead: 'Add --if-exists. Better: restore into a new, empty database and leave --clean out.',
  examples: {
    bad: [
      inShell('pg_restore --clean -d "$RESTORE_URL" backup.dump'),
      inShell('pg_dump -c -f backup.sql app'),
    ],
    good: [inShell('pg_restore --clean --if-exists -d "$RESTORE_URL" backup.dump')],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const { name, options, words } = invocation;
      if (
        !/^pg_(restore|dump|dumpall)$/.test(name) ||
        !options.has('-c', '--clean') ||
        options.has('--if-exists')
      )
        continue;
      const clean = words.find((word) => word.text === '--clean');
      const range = clean && script.place(clean.start, clean.end);
      const stands = range && document.source.text.slice(range.start, range.end) === '--clean';
      report(script.place(invocation.start, invocation.end), {
        message: `${name} --clean without --if-exists`,
        fix: stands ? [{ start: range.end, end: range.end, text: ' --if-exists' }] : [],
      });
    }
  },
};
