import type { Effect } from '../../effects/effect.ts';
import { aboutOf, backsUp, destroysDatabase } from '../database-work.ts';
import { before, beside, type Document, type Doing } from '../document.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

/** Names of databases that hold nothing of their own. */
const disposable =
  /restor|test|tmp|temp|scratch|staging|verif|drill|sandbox|copy|clone|shadow|_new|_old|rejected/i;

export const destroysBeforeSafetyBackup: Rule = {
  id: 'destroys-before-safety-backup',
  severity: 'error',
  summary: 'what stands in the database is destroyed before it was backed up',
  why: 'If the restore fails now, there is no way back: even a damaged database holds everything since the last backup.',
  instead:
    'Begin the procedure with a safety backup of what is live, read it to its end (pg_restore -f /dev/null), and only then destroy. Better: restore into a new database and swap names.',
  examples: {
    bad: [
      inShell('pg_restore --clean --if-exists -d app backup.dump'),
      inShell('pg_dump --clean other | psql app'),
      inShell('mongorestore --drop --archive=backup.gz'),
      inShell('aws rds delete-db-instance --db-instance-identifier app'),
      inShell('psql "$DATABASE_URL" -c "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"'),
      inShell('dropdb app', 'createdb app'),
    ],
    good: [
      inShell('psql -d postgres -c "ALTER DATABASE app RENAME TO app_old"'),
      inShell('psql app -c "DROP TABLE IF EXISTS import_2024"'),
      inShell('pg_dump -Fc -f safety.dump "$DATABASE_URL"', 'dropdb app'),
      inShell('createdb app_check', 'dropdb app_check'),
      inShell('dropdb --if-exists app_restore_test'),
    ],
  },
  check(document, report) {
    for (const doing of document.doings) {
      const { script } = doing;
      if (!script) continue;
      const hit = script.effects.effects.find(destroysDatabase);
      if (!hit || isSafe(document, doing, hit)) continue;
      report(script.place(hit.start, hit.end), {
        message: `${hit.reason}: nothing in this procedure has backed it up before`,
      });
    }
  },
};

function isSafe(document: Document, doing: Doing, hit: Effect): boolean {
  const script = doing.script!;
  const target = `${hit.hits?.name ?? ''} ${/^DROP /.test(hit.reason) ? hit.reason : ''}`;
  if (disposable.test(target)) return true;
  const earlier = before(document, doing);
  const within = script.invocations.some((each) => each.start < hit.start && backsUp(each));
  if (within || earlier.some((each) => each.script?.invocations.some(backsUp))) return true;
  const says = (each: Doing) =>
    each.phase === 'safety-backup' ||
    (each.part.kind !== 'command' &&
      /\b(?:backup|back up|snapshot|dump)\b.*\b(?:current|existing|live|first|before|made|created|taken)\b|\b(?:create|take|make)\b.*\b(?:backup|snapshot)\b/i.test(
        each.part.text,
      ));
  if (earlier.some(says)) return true;
  if (
    beside(document, doing).some(
      (each) => each.phase === 'safety-backup' && each.part.range.start < doing.part.range.start,
    )
  )
    return true;
  // What the same procedure has made, it may drop.
  const name = hit.hits?.name;
  const made =
    name &&
    earlier.some(
      (each) =>
        each.script &&
        new RegExp(`\\b(?:createdb|CREATE (?:DATABASE|SCHEMA))\\b[^;]*${escaped(name)}`, 'i').test(
          each.script.text,
        ),
    );
  return Boolean(made) || (doing.symptom !== undefined && /\btest\b/i.test(aboutOf(doing)));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
