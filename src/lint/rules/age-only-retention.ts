import { aboutOf, invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import { type Invocation, lineOf } from '../invocation.ts';
import type { Rule } from '../rule.ts';
import type { Script } from '../script.ts';

const backupWords = /backup|dump|snapshot|archive|\bwal\b|\.sql\b|\.bak\b/i;

export const ageOnlyRetention: Rule = {
  id: 'age-only-retention',
  severity: 'warning',
  summary: 'backups are deleted by their age alone',
  why: 'When the backups have been failing for as long as that, this deletes the last good one, and does so silently.',
  instead: 'Keep a number of verified backups whatever their age, and delete by age only among the others.',
  examples: {
    bad: [
      inShell('find /backups -name "*.dump" -mtime +7 -delete'),
      inShell('python delete_backups.py --older-than=30d --confirm'),
      inShell(
        'aws s3 ls s3://b/backups/ | while read -r _ _ _ file; do',
        '  age=$(( ($(date +%s) - $(date -d "$file" +%s)) / 86400 ))',
        '  if [ "$age" -gt 90 ]; then aws s3 rm "s3://b/backups/$file"; fi',
        'done',
      ),
    ],
    good: [
      inShell('find /var/tmp -name "*.log" -mtime +7 -delete'),
      inShell('python list_backups.py --older-than=30d'),
      inShell('pbm delete-backup --older-than="2024-02-26"'),
      inShell('find /backups -name "*.dump" -mtime +7 -print'),
      inShell('drillbook backup prune --keep-last 7 --dry-run'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const place = deletesByAge(invocation, script);
      if (!place || !backupWords.test(`${script.text} ${aboutOf(doing)}`)) continue;
      if (invocation.name === 'find' && !backupWords.test(script.text)) continue;
      report(script.place(place.start, place.end));
    }
  },
};

function deletesByAge(invocation: Invocation, script: Script): { start: number; end: number } | undefined {
  const line = lineOf(invocation);
  if (/--dry-?run\b|--simulate\b/.test(line) || /\b(?:keep|min)[-_]?(?:last|count|min|copies)\b/i.test(line))
    return undefined;
  if (invocation.name === 'find') {
    const aged = invocation.words.some((word) => /^-(?:[mca](?:time|min)|newer\w*)$/.test(word.text));
    const deletes =
      invocation.words.some((word) => word.text === '-delete') ||
      /-exec(?:dir)? (?:\S+ )*?(?:\/bin\/)?rm\b/.test(line);
    const piped = invocation.pipeline?.stages.flat().some((each) => each.name === 'rm') ?? false;
    return aged && (deletes || piped) ? invocation.statement : undefined;
  }
  const removes =
    invocation.name === 'rm' ||
    (invocation.name === 'aws' && /^aws s3 rm\b|delete-object|delete-\w*snapshot/.test(line));
  if (removes && invocation.looped)
    return /\bdate\b|\bage\b|mtime|-[lg]t\b.*\d/i.test(script.text) &&
      /\bdate\b|mtime|\bage\b/i.test(script.text)
      ? invocation.statement
      : undefined;
  // A day that somebody has chosen is not a rule of retention.
  if (/--older-than[=\s]"?(?:\d{4}-\d\d|<)/.test(line)) return undefined;
  const verb = /(?:delete|clean-?_?up|purge|prune|expire|remove)/i.test(line);
  return verb &&
    /--(?:older-than|max-age|keep-days|retention-days|days|min-age)\b/.test(line) &&
    !/^(kubectl|docker|journalctl|git|restic|echo)$/.test(invocation.name)
    ? invocation
    : undefined;
}
