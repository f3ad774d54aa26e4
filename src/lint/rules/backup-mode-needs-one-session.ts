import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';
import { functionsIn } from '../sql-piece.ts';

export const backupModeNeedsOneSession: Rule = {
  id: 'backup-mode-needs-one-session',
  severity: 'error',
  summary: 'backup mode is begun in one session and ended in another',
  why: 'The session that began it is closed and backup mode ends with it: the copy in between is not a backup, and cannot be restored.',
  instead: 'Use pg_basebackup, which does both, or one psql session that begins, copies with \\! and ends.',
  examples: {
    bad: [
      inShell(
        'psql -c "SELECT pg_backup_start(\'x\');"',
        'cp -r /data /copy',
        'psql -c "SELECT pg_backup_stop();"',
      ),
    ],
    good: [
      inShell(
        "psql <<'SQL'",
        "SELECT pg_backup_start('x');",
        '\\! cp -r /data /copy',
        'SELECT pg_backup_stop();',
        'SQL',
      ),
    ],
  },
  check(document, report) {
    let begun:
      | { readonly client: Invocation | undefined; readonly procedure: string | undefined }
      | undefined;
    for (const script of document.scripts)
      for (const piece of script.sql) {
        const names = functionsIn(piece);
        const procedure = document.doingOf(script)?.procedure?.id;
        if (names.has('pg_backup_start') || names.has('pg_start_backup'))
          begun = { client: piece.client, procedure };
        if (!names.has('pg_backup_stop') && !names.has('pg_stop_backup')) continue;
        // SQL blocks have no client of their own: they may be typed into one session.
        if (begun?.client && piece.client && begun.client !== piece.client && begun.procedure === procedure)
          report(script.place(piece.client.start, piece.client.end));
        begun = undefined;
      }
  },
};
