import { aboutOf, invocationsOf, looksAtData, restores, unpacks } from '../database-work.ts';
import type { Document, Doing } from '../document.ts';
import { inShell } from '../example.ts';
import { type Invocation, lineOf } from '../invocation.ts';
import type { Rule } from '../rule.ts';
import { wholeReading } from '../whole-reading.ts';

const verifying = /\b(?:verif\w*|integrity|valid\w*|check(?:s|ed)?\b.*\b(?:backup|dump|file|size))\b/i;

export const sizeIsNotVerification: Rule = {
  id: 'size-is-not-verification',
  severity: 'warning',
  summary: 'the size of a backup says nothing of what is in it',
  why: 'A dump that was cut off, or that misses a table, is large enough too. It is found out when there is nothing else left.',
  instead:
    'Read it to its end (pg_restore --file=/dev/null FILE; of SQL text, look for its last line), keep a checksum, and restore it into a scratch database.',
  examples: {
    bad: [inShell('# Verify the backup', 'ls -lh backup.dump')],
    good: [
      inShell('# Verify the backup', 'pg_restore --file=/dev/null backup.dump', 'ls -lh backup.dump'),
      inShell('# What is there?', 'ls -lh backups/'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      if (!doing || !measures(invocation)) continue;
      const named = /backup|dump|\.sql|\.gz\b|\.bak\b/i.test(lineOf(invocation));
      if (!named || !verifying.test(aboutOf(doing, 2)) || provenElsewhere(document, doing)) continue;
      const reading = invocation.words
        .map((word) => (word.text.startsWith('-') ? undefined : wholeReading(document, word.text)))
        .find((each) => each !== undefined);
      report(
        script.place(invocation.start, invocation.pipeline?.end ?? invocation.end),
        reading === undefined
          ? {}
          : {
              instead: `Read it to its end (${reading}), keep a checksum, and restore it into a scratch database.`,
            },
      );
    }
  },
};

function measures({ name, words }: Invocation): boolean {
  if (name === 'ls') return words.some((word) => /^-\w*l/.test(word.text));
  return name === 'du' || name === 'stat' || name === 'wc';
}

/** True where the same step, on some way through it, also reads the backup. */
function provenElsewhere(document: Document, doing: Doing): boolean {
  return document.doings.some(
    (other) =>
      other !== doing &&
      other.step === doing.step &&
      other.symptom === doing.symptom &&
      other.script?.invocations.some(
        (each) =>
          (each.name === 'pg_restore' && !each.options.has('-l', '--list')) ||
          /^(sha\d+sum|md5sum|shasum|cksum|b2sum)$/.test(each.name) ||
          (unpacks(each) && each.words.some((word) => /^-\w*t|^--test$/.test(word.text))) ||
          restores(each, '') ||
          /\bverif\w*|test[-_]?restore|restore[-_]?test|checksum/i.test(lineOf(each)) ||
          (each.name !== 'ls' && looksAtData(other.script!)),
      ),
  );
}
