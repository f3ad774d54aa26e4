import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

/** A copy of the segment `%p` to a name with `%f`, the way archive_command is written. */
const copies = /\b(?:cp|mv|scp|gzip\s+-c|gzip\s+<)\b[^\n'"]*?["']?%p["']?[^\n]{0,200}?%f/g;

export const archiveCommandOverwrites: Rule = {
  id: 'archive-command-overwrites',
  severity: 'error',
  summary: 'an archived WAL segment can be overwritten',
  why: 'After a failover or a wrong setting two servers archive under the same names. One overwritten segment ends point-in-time recovery there.',
  instead: 'test ! -f /archives/%f && cp %p /archives/%f.part && mv /archives/%f.part /archives/%f',
  examples: {
    bad: [
      inShell('psql -c "ALTER SYSTEM SET archive_command = \'cp %p /archives/%f\'"'),
      "# Settings\n\n```ini\narchive_mode = on\narchive_command = 'cp %p /mnt/archive/%f'\n```\n",
    ],
    good: [
      inShell(
        'psql -c "ALTER SYSTEM SET archive_command = \'test ! -f /archives/%f && cp %p /archives/%f\'"',
      ),
      "# Settings\n\n```ini\narchive_command = 'pgbackrest --stanza=main archive-push %p'\nrestore_command = 'cp /archives/%f %p'\n```\n",
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const { range } of document.runbook.blocks) {
      const text = source.text.slice(range.start, range.end);
      for (const found of text.matchAll(copies)) {
        const line = text.slice(text.lastIndexOf('\n', found.index) + 1, found.index);
        if (
          /\btest\s+!|\[\s+!|\bcp\s+(?:-n|--no-clobber|--update=none)/.test(line + found[0]) ||
          /restore_command/.test(line)
        )
          continue;
        const start = range.start + found.index;
        report(source.range(start, start + found[0].length));
      }
    }
  },
};
