import { destroysDatabase } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

const wayBack =
  /\b(?:roll(?:ing|ed|s)?[- ]?backs?|undo|revert\w*|way back|back ?out|fall ?back|change the names back|abort|give(?:n)? up|if (?:the |this )?(?:restore|it|this|that|verification|anything|something) (?:fails|goes wrong))\b/i;

export const noRollback: Rule = {
  id: 'no-rollback',
  severity: 'warning',
  summary: 'a whole database is destroyed, and no word is said on how to go back',
  why: 'When the verification fails after the old data is gone, there has to be a next line. Here there is none.',
  instead:
    'Say what to do when it fails: which backup goes back, which names are changed, who decides. Keeping the old database under another name makes it one command.',
  examples: {
    bad: [
      inShell(
        'pg_dump -Fc -f safety.dump app',
        'dropdb app',
        'createdb app',
        'pg_restore -d app b.dump',
        'psql app -c "SELECT 1"',
      ),
    ],
    good: [
      `${inShell('dropdb app', 'createdb app')}\n## Rollback\n\nRestore safety.dump the same way.\n`,
      inShell('psql app -c "SELECT 1"'),
    ],
  },
  check(document, report) {
    if (document.prose.some((line) => wayBack.test(line.text))) return;
    for (const doing of document.doings) {
      const hit = doing.script?.effects.effects.find(destroysDatabase);
      if (
        !hit ||
        /test|tmp|temp|scratch|staging|verif|_restored|_check/i.test(`${hit.reason} ${hit.hits?.name ?? ''}`)
      )
        continue;
      if (doing.procedure === undefined || wayBack.test(doing.script!.text)) continue;
      report(doing.script!.place(hit.start, hit.end), {
        message: `${hit.reason}, and the runbook says nothing of the way back`,
      });
      return;
    }
  },
};
