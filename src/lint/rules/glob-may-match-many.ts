import type { Word } from '../../effects/word.ts';
import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

/** The words of which a command takes exactly one. */
function soleWords(invocation: Invocation): readonly (Word | undefined)[] {
  const { name, operands, options, feed } = invocation;
  const fed = feed?.kind === 'file' ? [feed.path] : [];
  switch (name) {
    case 'aws':
      return operands[0]?.text === 's3' && /^(cp|mv)$/.test(operands[1]?.text ?? '') ? [operands[2]] : [];
    case 'pg_restore':
      return [operands[0], ...fed];
    case 'psql':
      return [options.value('-f', '--file'), ...fed];
    default:
      return fed;
  }
}

export const globMayMatchMany: Rule = {
  id: 'glob-may-match-many',
  severity: 'warning',
  summary: 'a pattern may give several files where the command takes one',
  why: 'It works until the folder holds two files. Then the command fails, or takes the second file for something else, on the night it is needed.',
  instead:
    'Name the one file, or set it first and look at it: FILE="$(ls -t backup_*.sql | head -1)"; or copy a folder with --include.',
  examples: {
    bad: [
      inShell('aws s3 cp backup_*.sql s3://team-backups/'),
      inShell('pg_restore -d "$RESTORE_URL" *.dump'),
    ],
    good: [
      inShell('aws s3 cp "$BACKUP_FILE" s3://team-backups/'),
      inShell('aws s3 cp . s3://team-backups/ --recursive --exclude "*" --include "backup_*.sql"'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document))
      for (const word of soleWords(invocation)) {
        if (
          !word ||
          word.quoted ||
          !/[*?]|\[.+\]/.test(word.text.replace(/\$\{[^}]*\}|\$\([^)]*\)|<[^>]*>|\[[\w -]+\]/g, ''))
        )
          continue;
        report(script.place(word.start, word.end), {
          message: `${invocation.name} takes one file here, and ${word.text} may give several`,
        });
      }
  },
};
