import type { Word } from '../../effects/word.ts';
import { invocationsOf } from '../database-work.ts';
import { before } from '../document.ts';
import { inShell } from '../example.ts';
import type { TextEdit } from '../finding.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

const clients =
  /^(psql|pg_dump|pg_dumpall|pg_restore|dropdb|createdb|vacuumdb|reindexdb|pg_basebackup|mongodump|mongorestore)$/;

export const unsetVariableExpandsEmpty: Rule = {
  id: 'unset-variable-expands-empty',
  severity: 'warning',
  summary: 'a variable that may be empty decides what the command falls on',
  why: 'Unset and without quotes it vanishes: the client takes its default database, and rm takes the folder above. Both exit 0.',
  instead:
    'Write "${NAME:?}": the shell stops with a message where it is unset or empty. Behind railway run: railway run sh -c \'pg_dump "${DATABASE_URL:?}"\', because the service\'s variables are known only inside.',
  examples: {
    bad: [
      inShell('railway run pg_dump $DATABASE_URL --file=backup.sql'),
      inShell('psql $DATABASE_URL -c "SELECT 1"'),
      inShell('rm -rf $BACKUP_DIR/*'),
    ],
    good: [
      inShell('psql "${DATABASE_URL:?}" -c "SELECT 1"'),
      inShell('psql "$DATABASE_URL" -c "SELECT 1"'),
      inShell('export DATABASE_URL=postgresql://db.internal/app', 'psql $DATABASE_URL -c "SELECT 1"'),
      inShell('rm -rf "${BACKUP_DIR:?}"/*'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const words = deciding(invocation);
      if (words.length === 0) continue;
      const set = new Set(
        [
          ...(doing ? before(document, doing) : []).flatMap((each) => each.script?.assignments ?? []),
          ...script.assignments,
        ]
          .filter((each) => each.value !== '')
          .map((each) => each.name),
      );
      for (const word of words) {
        const name = /^\$(?:\{(\w+)\}|(\w+))/.exec(word.text);
        const variable = name?.[1] ?? name?.[2];
        if (!variable || set.has(variable) || /^(HOME|PWD|USER|TMPDIR|\d+)$/.test(variable)) continue;
        const through = invocation.within.find((each) => /^(railway|heroku|doppler|op)$/.test(each));
        report(script.place(word.start, word.end), {
          message: through
            ? `${name![0]} is expanded by your own shell before ${through} starts, and vanishes where it is unset there`
            : invocation.name === 'rm'
              ? `where ${name![0]} is unset, this deletes from the root of the disk`
              : `where ${name![0]} is unset, ${invocation.name} takes its default database`,
          fix: through ? [] : mend(word, variable),
        });
      }

      function mend(word: Word, variable: string): readonly TextEdit[] {
        const range = script.place(word.start, word.end);
        const text = document.source.text.slice(range.start, range.end);
        if (text !== `$${variable}` && text !== `\${${variable}}`) return [];
        return [{ start: range.start, end: range.end, text: `"\${${variable}:?}"` }];
      }
    }
  },
};

/** Words without quotes that name the database, or the folder that rm deletes in. */
function deciding(invocation: Invocation): readonly Word[] {
  const { name, operands, options, words } = invocation;
  if (name === 'rm') {
    if (!words.some((word) => /^-\w*[rR]|^--recursive$/.test(word.text))) return [];
    return operands.filter(
      (word) => /^\$(?:\{\w+\}|\w+)\/(?:\*|$)?/.test(word.text) && /^\$(?:\{\w+\}|\w+)\/\*?$/.test(word.text),
    );
  }
  if (!clients.test(name)) return [];
  const option = options.value('-d', '--dbname');
  const named = option ?? (name === 'pg_restore' ? undefined : operands[0]);
  return named && !named.quoted && /^\$(?:\{\w+\}|\w+)$/.test(named.text) ? [named] : [];
}
