import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const psqlWithoutOnErrorStop: Rule = {
  id: 'psql-without-on-error-stop',
  severity: 'error',
  summary: 'psql goes on after an error and says that all went well',
  why: 'Fed from a file or a pipe, psql skips statements that fail and exits 0. Half a restore looks like a whole one.',
  instead:
    'psql -X -v ON_ERROR_STOP=1 -1 -f FILE: it stops at the first error, changes nothing, and exits 3.',
  examples: {
    bad: [
      inShell('psql "$DATABASE_URL" < backup.sql'),
      inShell('gunzip -c backup.sql.gz | psql "$DATABASE_URL"'),
      inShell('psql "$DATABASE_URL" -f backup.sql'),
    ],
    good: [
      inShell('psql -X -v ON_ERROR_STOP=1 -1 "$DATABASE_URL" -f backup.sql'),
      inShell('psql "$DATABASE_URL" -c "SELECT count(*) FROM members"'),
      inShell('psql "$DATABASE_URL" <<SQL', 'SELECT 1;', 'SELECT 2;', 'SQL'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const { name, options, feed, words } = invocation;
      if (name !== 'psql') continue;
      if (words.some((word) => /ON_ERROR_STOP/.test(word.text))) continue;
      const file = options.value('-f', '--file');
      const piped = feed?.kind === 'file' || (feed?.kind === 'pipe' && !options.has('-c', '--command'));
      const typed =
        feed?.kind === 'text' && !/ON_ERROR_STOP/.test(feed.text.text) && changesMuch(script, invocation);
      if (!file && !piped && !typed) continue;
      if (options.has('-l', '--list', '--version', '-V', '--help')) continue;
      report(
        script.place(
          invocation.start,
          feed?.kind === 'file' ? Math.max(invocation.end, feed.path.end) : invocation.end,
        ),
        {
          message: 'psql skips statements that fail here and exits 0',
          fix: [insertion(script.place(invocation.start, invocation.start + 4), invocation.name)].flatMap(
            (edit) => edit ?? [],
          ),
        },
      );
    }

    function insertion(range: { start: number; end: number }, text: string) {
      if (document.source.text.slice(range.start, range.end) !== text) return undefined;
      return { start: range.end, end: range.end, text: ' -v ON_ERROR_STOP=1' };
    }
  },
};

/** Several statements of which one changes something: only then is it a loss that the later ones run. */
function changesMuch(
  script: {
    readonly sql: readonly { readonly text: string; readonly kind: string; readonly client?: unknown }[];
  },
  client: unknown,
): boolean {
  const own = script.sql.filter((piece) => piece.client === client && piece.kind === 'sql');
  return (
    own.length > 1 &&
    own.some((piece) =>
      /^\s*(?:insert|update|delete|drop|alter|create|truncate|grant|revoke|copy)\b/i.test(piece.text),
    )
  );
}
