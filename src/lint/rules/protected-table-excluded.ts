import { dumpers, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

const protectedName = /audit|ledger|compliance|consent|legal_hold|journal_entr/i;

export const protectedTableExcluded: Rule = {
  id: 'protected-table-excluded',
  severity: 'warning',
  summary: 'a table that has to be kept is left out of the backup',
  why: 'Audit tables are kept because a law or a contract says so. After a restore from this backup they are empty, and nothing says so.',
  instead:
    'Leave such tables in. Where size is the trouble, dump them apart and keep that dump just as long.',
  examples: {
    bad: [
      inShell('pg_dump --exclude-table=audit_logs -f backup.sql app'),
      inShell('pg_dump -T audit_events -Fc -f b.dump app'),
    ],
    good: [inShell('pg_dump --exclude-table=temp_data -f backup.sql app')],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      if (!dumpers.has(invocation.name)) continue;
      const left = invocation.options
        .values(
          '-T',
          '--exclude-table',
          '--exclude-table-data',
          '--exclude-table-and-children',
          '--ignore-table',
        )
        .find((word) => protectedName.test(word.text));
      if (left)
        report(script.place(invocation.start, invocation.end), {
          message: `${left.text} is left out of this backup`,
        });
    }
  },
};
