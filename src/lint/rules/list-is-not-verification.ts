import { aboutOf, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';
import { wholeReading } from '../whole-reading.ts';

export const listIsNotVerification: Rule = {
  id: 'list-is-not-verification',
  severity: 'error',
  summary: 'pg_restore --list reads only the table of contents of a dump',
  why: 'It exits 0 on a dump that was cut off or has a flipped bit. The damage shows when the live database is already gone.',
  instead:
    'Read the dump to its end: pg_restore --file=/dev/null FILE, and of one in SQL text look for its last line. Better still, restore it into a scratch database.',
  examples: {
    bad: [
      inShell('# Verify the backup', 'pg_restore --list backup.dump | head -20'),
      inShell('# Check integrity', 'pg_restore -l "$BACKUP_FILE" > /dev/null'),
    ],
    good: [
      inShell(
        '# Verify the backup',
        'pg_restore --file=/dev/null backup.dump',
        'pg_restore --list backup.dump | head -20',
      ),
      inShell('# Choose what to restore', 'pg_restore --list backup.dump > contents.txt'),
    ],
  },
  check(document, report) {
    const readers = new Set<unknown>();
    for (const { invocation, doing } of invocationsOf(document))
      if (readsToTheEnd(invocation)) readers.add(doing?.step ?? doing?.symptom);
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const { name, options, output } = invocation;
      if (name !== 'pg_restore' || !options.has('-l', '--list')) continue;
      const kept = output && output.file.text !== '/dev/null';
      if (kept || options.has('-f', '--file') || readers.has(doing?.step ?? doing?.symptom)) continue;
      const words = `${aboutOf(doing, 4)} ${invocation.followedBy}`;
      const filtered = invocation.pipeline?.stages
        .flat()
        .some((each) => /^(grep|awk|sed|less|more|wc)$/.test(each.name));
      if (filtered && !/verif|integrit|valid|corrupt|check/i.test(words)) continue;
      const [file] = invocation.operands;
      const reading = file && wholeReading(document, file.text);
      report(
        script.place(invocation.start, invocation.pipeline?.end ?? invocation.end),
        reading && !reading.startsWith('pg_restore')
          ? {
              instead: `pg_restore does not read this kind of file. Read it to its end: ${reading}. Better still, restore it into a scratch database.`,
            }
          : {},
      );
    }
  },
};

function readsToTheEnd({ name, options, output }: Invocation): boolean {
  if (name !== 'pg_restore' || options.has('-l', '--list')) return false;
  return options.has('-f', '--file', '-d', '--dbname') || output?.file.text === '/dev/null';
}
