import type { Rule } from '../rule.ts';

export const unclosedFence: Rule = {
  id: 'unclosed-fence',
  severity: 'error',
  summary: 'a code block is never closed',
  why: 'Every reader ends it somewhere else. Here it ends before the next heading behind which another block opens, or not at all: headings, warnings and steps up to there are taken for code, and whoever reads the page elsewhere sees the rest of it as one block.',
  instead: 'Close it with the same signs that opened it, on a line of their own.',
  examples: {
    bad: ['# Example\n\n```bash\nls\n\n## Next step\n'],
    good: ['# Example\n\n```bash\nls\n```\n\n## Next step\n'],
  },
  check(document, report) {
    const { source } = document;
    for (const block of document.runbook.blocks) {
      if (block.closed) continue;
      const line = source.line(block.range.line);
      report(source.range(block.range.start, line.end));
    }
  },
};
