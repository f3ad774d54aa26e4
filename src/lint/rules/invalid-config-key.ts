import type { Rule } from '../rule.ts';

/** Keys that people write and that a format does not have; the block is known by `mark`. */
const wrong: readonly {
  readonly of: string;
  readonly mark: RegExp;
  readonly key: RegExp;
  readonly is: string;
}[] = [
  {
    of: 'S3 lifecycle rules',
    mark: /"Rules"\s*:\s*\[[\s\S]*"(?:Expiration|Transitions|NoncurrentVersionExpiration|AbortIncompleteMultipartUpload)"/,
    key: /"(Id|id)"(?=\s*:)/g,
    is: 'ID',
  },
  {
    of: 'S3 lifecycle rules',
    mark: /"Rules"\s*:\s*\[[\s\S]*"(?:Expiration|Transitions)"/,
    key: /"(status)"(?=\s*:)/g,
    is: 'Status',
  },
  {
    of: 'S3 bucket policies',
    mark: /"Statement"\s*:\s*\[[\s\S]*"Effect"[\s\S]*"Action"/,
    key: /"(SID|sid)"(?=\s*:)/g,
    is: 'Sid',
  },
];

export const invalidConfigKey: Rule = {
  id: 'invalid-config-key',
  severity: 'error',
  summary: 'the format has no such key',
  why: 'The service refuses the file, or takes it and leaves the rule out: backups pile up, or nobody finds out that they are never deleted.',
  instead: 'Write the key as the format has it.',
  examples: {
    bad: [
      '# Retention\n\n```json\n{"Rules": [{"Id": "Old", "Status": "Enabled", "Expiration": {"Days": 90}}]}\n```\n',
    ],
    good: [
      '# Retention\n\n```json\n{"Rules": [{"ID": "Old", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 90}}]}\n```\n',
      '# Other\n\n```json\n{"Id": "x"}\n```\n',
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const { range, content } of document.runbook.blocks)
      for (const { of, mark, key, is } of wrong) {
        if (!mark.test(content)) continue;
        for (const found of source.text.slice(range.start, range.end).matchAll(key)) {
          const start = range.start + found.index;
          const edit = { start: start + 1, end: start + 1 + found[1]!.length, text: is };
          report(source.range(start, start + found[0].length), {
            message: `${of} have no key ${found[1]}`,
            instead: `"${is}"`,
            fix: [edit],
          });
        }
      }
  },
};
