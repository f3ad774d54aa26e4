import { anchorsOf } from '../anchors.ts';
import type { Rule } from '../rule.ts';

export const duplicateAnchor: Rule = {
  id: 'duplicate-anchor',
  severity: 'info',
  summary: 'two headings have the same name',
  why: '"Go to Verify" may mean either, and a link goes to the first. In the night people do the wrong one.',
  instead:
    'Say in the heading what is verified or restored: "Verify the backup", "Verify the restored data".',
  examples: {
    bad: ['# Example\n\nSee [verify](#verify).\n\n## Backup\n\n### Verify\n\n## Restore\n\n### Verify\n'],
    good: ['# Example\n\n## Verify the backup\n\n## Verify the restore\n'],
  },
  check(document, report) {
    const linked = new Set(document.runbook.links.map((link) => link.url.replace(/^#/, '').toLowerCase()));
    const seen = new Map<string, { readonly line: number; readonly above: string }>();
    const above: string[] = [];
    for (const anchor of anchorsOf(document)) {
      if (anchor.plain === '') continue;
      above.length = Math.min(above.length, anchor.level - 1);
      const under = above.join('\n');
      above[anchor.level - 1] = anchor.plain;
      const first = seen.get(anchor.plain);
      if (!first) {
        seen.set(anchor.plain, { line: document.source.lineAt(anchor.start), above: under });
        continue;
      }
      // Below different headings the same name is understood; a link still finds the first one only.
      const isLinked = linked.has(anchor.plain);
      if (!isLinked && first.above !== under) continue;
      report(document.source.range(anchor.start, anchor.end), {
        message: `the heading "${anchor.title}" stands in line ${first.line} too`,
        ...(isLinked && { severity: 'warning' as const }),
      });
    }
  },
};
