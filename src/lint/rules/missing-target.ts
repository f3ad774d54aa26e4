import { aboutOf, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import { type Invocation, lineOf } from '../invocation.ts';
import type { Rule } from '../rule.ts';

const otherPlace =
  /\b(staging|test|temporary|temp|scratch|separate|sandbox)\b[\w\s-]*\b(database|db|environment|instance|server)\b/i;
const targetOption =
  /^--?(?:d|dbname|database|db|target[\w-]*|to|env|environment|url|host|h|into|connection[\w-]*|service|namespace|n|profile|config|stanza)(?:=|$)/;

export const missingTarget: Rule = {
  id: 'missing-target',
  severity: 'error',
  summary: 'a restore does not say into which database',
  why: 'pg_restore without one prints SQL or refuses; a script takes whatever is configured, and that is mostly production.',
  instead:
    'Name the database: pg_restore --dbname="$RESTORE_URL" FILE; for a script, the option or variable by which it takes its target.',
  examples: {
    bad: [
      inShell('pg_restore --no-owner backup.dump'),
      '# Example\n\n## Recover\n\n1. Restore to the staging database:\n   ```bash\n   npm run backup:restore -- /backups/a.sql.gz\n   ```\n',
    ],
    good: [
      inShell('pg_restore --no-owner -d "$RESTORE_URL" backup.dump'),
      inShell('pg_restore -f out.sql backup.dump'),
      inShell('pg_restore --list backup.dump > list.txt'),
      '# Example\n\n## Recover\n\n1. Restore to the staging database:\n   ```bash\n   npm run backup:restore -- /backups/a.sql.gz --target=staging\n   ```\n',
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      if (doing?.part.kind === 'command' && doing.part.offered && invocation.words.length === 0) continue;
      const range = script.place(invocation.start, invocation.end);
      if (invocation.name === 'pg_restore') {
        if (aimless(invocation)) report(range, { message: 'pg_restore needs -d or -f' });
      } else if (isScriptOfTheirs(invocation)) {
        const place = otherPlace.exec(`${doing?.step?.title ?? ''} ${aboutOf(doing, 1)}`)?.[1];
        if (place)
          report(range, {
            message: `this should restore to ${place.toLowerCase()}, and nothing in it says so`,
          });
      }
    }
  },
};

function aimless({ options, words, output, pipeline, stage }: Invocation): boolean {
  if (words.length === 0 || words.some((word) => /\.\.\.|…/.test(word.text))) return false;
  if (options.has('-d', '--dbname', '-f', '--file', '-l', '--list', '--version', '-V', '--help', '-?'))
    return false;
  return !output && !(pipeline && stage < pipeline.stages.length - 1);
}

/** A restore by a program that the project has itself, without any word on where to. */
function isScriptOfTheirs(invocation: Invocation): boolean {
  if (!/^(npm|yarn|pnpm|make|just|python3?|node|bundle|rake|php|\S+\.sh|\S+\.py)$/.test(invocation.name))
    return false;
  const line = lineOf(invocation);
  if (!/(?:^|[\s/:_-])restore(?:[\s._:-]|$)/i.test(line) || /staging|test|scratch|sandbox/i.test(line))
    return false;
  if ([...invocation.environment.keys()].some((name) => /URL|HOST|DB|DATABASE|ENV|TARGET/.test(name)))
    return false;
  return !invocation.words.some((word) => targetOption.test(word.text) || /:\/\//.test(word.text));
}
