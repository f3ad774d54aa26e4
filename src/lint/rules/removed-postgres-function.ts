import { inShell, inSql } from '../example.ts';
import type { Rule } from '../rule.ts';
import { functionsIn } from '../sql-piece.ts';

/** Functions that PostgreSQL no longer has: since which version, and what does the job. From its release notes. */
const removed: Readonly<Record<string, { readonly since: number; readonly use: string }>> = {
  pg_start_backup: {
    since: 15,
    use: 'pg_basebackup, or pg_backup_start(…) and pg_backup_stop() in one session',
  },
  pg_stop_backup: {
    since: 15,
    use: 'pg_basebackup, or pg_backup_stop() in the session that called pg_backup_start(…)',
  },
  pg_is_in_backup: { since: 15, use: 'pg_stat_progress_basebackup' },
  pg_backup_start_time: { since: 15, use: 'pg_stat_progress_basebackup' },
  pg_switch_xlog: { since: 10, use: 'pg_switch_wal()' },
  pg_current_xlog_location: { since: 10, use: 'pg_current_wal_lsn()' },
  pg_last_xlog_receive_location: { since: 10, use: 'pg_last_wal_receive_lsn()' },
  pg_last_xlog_replay_location: { since: 10, use: 'pg_last_wal_replay_lsn()' },
  pg_xlog_replay_pause: { since: 10, use: 'pg_wal_replay_pause()' },
  pg_xlog_replay_resume: { since: 10, use: 'pg_wal_replay_resume()' },
  pg_is_xlog_replay_paused: { since: 10, use: 'pg_is_wal_replay_paused()' },
  pg_xlog_location_diff: { since: 10, use: 'pg_wal_lsn_diff(…)' },
  pg_xlogfile_name: { since: 10, use: 'pg_walfile_name(…)' },
};

export const removedPostgresFunction: Rule = {
  id: 'removed-postgres-function',
  severity: 'error',
  summary: 'PostgreSQL no longer has this function',
  why: 'The statement fails on every server that is in support: the backup that it should begin or end does not exist.',
  instead: 'Use the function that took its place.',
  examples: {
    bad: [inShell('psql -c "SELECT pg_start_backup(\'label\');"'), inSql('SELECT pg_switch_xlog();')],
    good: [
      inShell('psql -c "SELECT pg_backup_start(\'label\');"'),
      inSql("SELECT 'pg_start_backup(' AS text;"),
    ],
  },
  check(document, report) {
    for (const script of document.scripts)
      for (const piece of script.sql)
        for (const name of functionsIn(piece)) {
          const gone = Object.hasOwn(removed, name) ? removed[name] : undefined;
          if (!gone) continue;
          const range = script.place(piece.start, piece.end);
          const { text } = document.source;
          const at = text.slice(range.start, range.end).indexOf(name);
          const use = /^(pg_\w+)\(\)$/.exec(gone.use)?.[1];
          report(range, {
            message: `${name} is gone since PostgreSQL ${gone.since}`,
            instead: gone.use,
            fix:
              use && at >= 0
                ? [{ start: range.start + at, end: range.start + at + name.length, text: use }]
                : [],
          });
        }
  },
};
