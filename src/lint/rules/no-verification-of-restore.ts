import { aboutOf, looksAtData, restores } from '../database-work.ts';
import { after, beside, type Document, type Doing } from '../document.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const noVerificationOfRestore: Rule = {
  id: 'no-verification-of-restore',
  severity: 'error',
  summary: 'nothing after the restore proves that the data is back',
  why: 'A health check answers 200 on an empty database. The loss is found by the users, in the morning, after new data was written.',
  instead:
    'Compare with what the backup must contain: drillbook compare "$RESTORE_URL" --manifest FILE, or count the rows of the tables that matter, before the application comes back.',
  examples: {
    bad: [
      inShell(
        'psql -v ON_ERROR_STOP=1 "$DATABASE_URL" < backup.sql',
        'docker compose start api',
        'curl -f http://localhost:5000/health',
      ),
      inShell('pg_restore --exit-on-error -d "$RESTORE_URL" backup.dump'),
    ],
    good: [
      '# Example\n\n## Parallel copy\n\nSet it in the configuration, or pass `--num-parallel-files`:\n\n```sh\npbm restore 2026-11-20 --num-parallel-files=4\n```\n',
      inShell('npm install restore-cursor', 'dotnet restore', 'iptables-restore < rules.v4'),
      inShell(
        'pg_restore --exit-on-error -d "$RESTORE_URL" backup.dump',
        'psql "$RESTORE_URL" -c "SELECT count(*) FROM members"',
      ),
      '# Example\n\n## Restore\n\n```bash\npg_restore -d "$RESTORE_URL" backup.dump\n```\n\n## Verify the restored data\n\n- [ ] Record counts match production\n',
    ],
  },
  check(document, report) {
    for (const doing of document.doings) {
      const { script } = doing;
      const restore = script?.invocations.find((each) => restores(each, aboutOf(doing)));
      if (!script || !restore || doing.symptom || isCheatSheet(doing)) continue;
      if (showsOption(doing.about, restore.words)) continue;
      const later = after(document, doing);
      if (later.some(verifies)) continue;
      if (script.sql.some((piece) => piece.start > restore.end && /^\s*select\b/i.test(piece.text))) continue;
      if (restore.name === 'drillbook' || laterSections(document, doing).some(verifies)) continue;
      const sameStep = later.filter((each) => each.step === doing.step);
      const next = later.findIndex((each) => each.script?.invocations.some((one) => restores(one, '')));
      if (next >= 0 && later[next]?.step === doing.step) continue;
      const last = sameStep.at(-1) ?? doing;
      report(document.source.range(doing.part.range.start, last.part.range.end), {
        message: later.some((each) => each.script?.invocations.some((one) => /^(curl|wget)$/.test(one.name)))
          ? 'only a health check follows this restore: nothing proves that the data is back'
          : 'nothing follows this restore that proves that the data is back',
      });
    }
  },
};

function verifies(doing: Doing): boolean {
  if (doing.script) return looksAtData(doing.script);
  return (
    doing.phase === 'verify' ||
    /\b(?:verif(?:y|ied)|counts? match|integrity|record counts?|rows?\b.*\bmatch|data (?:is|are|was|were) (?:back|there|present|complete)|tables? present|compare)\b/i.test(
      'text' in doing.part ? doing.part.text : '',
    )
  );
}

/** Steps of later sections: beside the procedure, or with a title that speaks of what comes after the restore. */
function laterSections(document: Document, doing: Doing): readonly Doing[] {
  const siblings = new Set(beside(document, doing));
  return document.doings.filter(
    (other) =>
      other.part.range.start > doing.part.range.start &&
      other.procedure?.id !== doing.procedure?.id &&
      other.phase === 'verify' &&
      (siblings.has(other) ||
        /post-?\s*restor|after (?:the )?restor|verif/i.test(other.procedure?.title ?? '')),
  );
}

/** “Or pass `--parallel`:” shows how an option is written, on a command that is given elsewhere. */
function showsOption(about: readonly string[], words: readonly { readonly text: string }[]): boolean {
  return about.some((text) => {
    const option =
      /(?:^|\n)[^\n`]*\b(?:pass|use|set|specify|add|give|append)\s+(?:the\s+)?(?:(?:option|flag)\s+)?`(--?[a-z][\w-]*)[^`\n]*`[^`\n]*:\s*$/i.exec(
        text,
      )?.[1];
    return option !== undefined && words.some((word) => word.text.split('=')[0] === option);
  });
}

/** A list of commands to look up is not a way to go. */
function isCheatSheet(doing: Doing): boolean {
  const { procedure } = doing;
  return /\b(?:quick reference|cheat ?sheet|useful commands|command reference|usage|commands)$/i.test(
    [...(procedure?.path ?? []).slice(-1), procedure?.title ?? ''].find((title) =>
      /reference|sheet|commands|usage/i.test(title),
    ) ?? '',
  );
}
