import { before } from '../document.ts';
import { inShell, inSql } from '../example.ts';
import type { Rule } from '../rule.ts';
import { functionsIn } from '../sql-piece.ts';

const fence =
  /allow_connections\s*(?:=\s*)?false|revoke\s+connect|connection\s+limit\s+0|datallowconn\s*=\s*(?:'?f|false)|default_transaction_read_only|--force\b|with\s*\(\s*force/i;

export const terminateWithoutFence: Rule = {
  id: 'terminate-without-fence',
  severity: 'warning',
  summary: 'connections are ended and nothing keeps them from coming back',
  why: 'A pool reconnects within milliseconds. The rename or drop that follows fails with "being accessed by other users", or writes go on into the database that is being replaced.',
  instead:
    'Close the database first: ALTER DATABASE app WITH ALLOW_CONNECTIONS false; then pg_terminate_backend(pid, 5000), which waits until each session is gone.',
  examples: {
    bad: [inSql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'app';")],
    good: [
      inShell(
        'psql -d postgres -c "ALTER DATABASE app WITH ALLOW_CONNECTIONS false"',
        'psql -d postgres -c "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = \'app\'"',
      ),
      inSql('SELECT pg_terminate_backend(12345);'),
      inSql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query_start < now() - interval '1 hour';",
      ),
    ],
  },
  check(document, report) {
    for (const script of document.scripts) {
      const doing = document.doingOf(script);
      for (const piece of script.sql) {
        if (!functionsIn(piece).has('pg_terminate_backend')) continue;
        // One session, or those that wait or idle, are ended for another reason.
        if (
          !/pg_stat_activity/i.test(piece.text) ||
          !/datname\s*(?:=|in\b)|current_database/i.test(piece.text)
        )
          continue;
        if (/\bstate\b|query_start|wait_event|application_name|usename\s*=|client_addr/i.test(piece.text))
          continue;
        const fenced =
          fence.test(script.text) ||
          (doing && before(document, doing).some((each) => each.script && fence.test(each.script.text)));
        if (!fenced) report(script.place(piece.start, piece.end));
      }
    }
  },
};
