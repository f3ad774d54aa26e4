import type { Rule } from '../rule.ts';

export const hardToRead: Rule = {
  id: 'hard-to-read',
  severity: 'info',
  summary: 'a part of the document could not be read as it was meant',
  why: 'What a program cannot make sense of, a shell will not either, and a person has to think about it in the night.',
  instead:
    'Write it so that it can be copied as it stands: whole commands, closed quotes, UTF-8, known hints.',
  examples: {
    bad: [
      '# Example\n\n## Look\n\n```bash\nif [ -f x ; then echo "open\n```\n',
      '# Example\n\nTime: 5‚Äì10 minutes\n',
    ],
    good: ['# Example\n\n## Look\n\n```bash\nif [ -f x ]; then echo "open"; fi\n```\n'],
  },
  check(document, report) {
    for (const doubt of document.runbook.doubts) {
      // These have rules of their own.
      if (/^this code block is never closed|^read as /.test(doubt.what)) continue;
      report(doubt.range, { message: doubt.what });
    }
  },
};
