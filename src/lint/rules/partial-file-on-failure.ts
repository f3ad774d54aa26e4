import { aboutOf, dumpers, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

const unfinished = /\.(?:partial|part|tmp|temp|incomplete|new|inprogress)["']?$|^"?\/dev\/|^"?\/tmp\/[^/]*$/;

export const partialFileOnFailure: Rule = {
  id: 'partial-file-on-failure',
  severity: 'warning',
  summary: 'the shell makes the backup file before the dump has worked',
  why: 'A dump that cannot connect leaves an empty file under the name of a backup. Whoever needs it takes it for the newest one.',
  instead:
    'Dump under another name and rename it once it is whole: pg_dump -Fc -f "$FILE.partial" … && mv "$FILE.partial" "$FILE"',
  examples: {
    bad: [
      inShell('pg_dump "$DATABASE_URL" > backup.sql'),
      inShell('docker exec db pg_dump -U postgres app > backup_$(date +%F).sql'),
    ],
    good: [
      inShell('pg_dump "$DATABASE_URL" > backup.sql.partial && mv backup.sql.partial backup.sql'),
      inShell('pg_dump --version > versions.txt'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const { output } = invocation;
      if (!output || output.appends || !dumpers.has(invocation.name) || invocation.pipeline) continue;
      if (invocation.options.has('--version', '-V', '--help', '-?')) continue;
      if (unfinished.test(output.file.text) || /\b(mv|rm)\b/.test(invocation.followedBy)) continue;
      if (/\bpartial\b/i.test(aboutOf(doing, 1))) continue;
      report(script.place(invocation.start, Math.max(invocation.end, output.file.end)), {
        message: `${invocation.name} fails and ${output.file.text} is there all the same, empty or cut off`,
      });
    }
  },
};
