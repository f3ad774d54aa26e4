import { aboutOf, invocationsOf } from '../database-work.ts';
import { before } from '../document.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

const faults = /error|fail|fatal|panic|exception|warn|critical|corrupt/i;

export const invertedExitCode: Rule = {
  id: 'inverted-exit-code',
  severity: 'warning',
  summary: 'grep fails when it finds nothing, and here nothing is what should be found',
  why: 'A clean log gives exit code 1 and looks like a failure; a log full of errors gives 0 and looks like success.',
  instead: '! grep -i error FILE, which succeeds when the log is clean.',
  examples: {
    bad: [
      inShell(
        'pg_restore -d app b.dump > restore.log 2>&1',
        '# Review restore.log for errors',
        'grep -i error restore.log',
      ),
    ],
    good: [
      inShell('pg_restore -d app b.dump > restore.log 2>&1', '! grep -i error restore.log'),
      inShell('grep -i error restore.log || echo "no errors"'),
      inShell('if grep -q error restore.log; then echo bad; fi'),
      inShell('grep max_connections postgresql.conf'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const { name, operands, options, tested, followedBy, captured, pipeline } = invocation;
      if (!/^(grep|egrep|zgrep)$/.test(name) || tested || captured || followedBy !== '' || !doing?.procedure)
        continue;
      if (
        pipeline ||
        options.has('-v', '--invert-match') ||
        invocation.words.some((word) => /^-\w*v/.test(word.text))
      )
        continue;
      const pattern = options.value('-e', '--regexp') ?? operands[0];
      const file = operands[1];
      if (!pattern || !file || !faults.test(pattern.text)) continue;
      const written = before(document, doing).some((each) => each.script?.text.includes(file.text));
      if (!written && !/\b(?:review|should|no errors?|clean|must not)\b/i.test(aboutOf(doing, 2))) continue;
      const range = script.place(invocation.start, invocation.end);
      const stands = document.source.text.startsWith(name, range.start) && invocation.within.length === 0;
      report(range, { fix: stands ? [{ start: range.start, end: range.start, text: '! ' }] : [] });
    }
  },
};
