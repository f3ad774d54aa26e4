import { slugsIn } from '../anchors.ts';
import type { Rule } from '../rule.ts';

export const deadLink: Rule = {
  id: 'dead-link',
  severity: 'warning',
  summary: 'the file that a link names is not there',
  why: 'The recovery procedure is "in the other document", and the other document was moved a year ago.',
  instead: 'Mend the path, or put what is needed into this runbook.',
  examples: {
    // Whether a file is there only the command line knows: see the tests.
    bad: [],
    good: [
      '# Example\n\n[PostgreSQL](https://www.postgresql.org/docs/)\n',
      '# Example\n\n[above](#example)\n',
    ],
  },
  check(document, report) {
    const { exists, fileText } = document.context;
    if (!exists) return;
    for (const link of document.runbook.links) {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(link.url) || link.url.trim() === '') continue;
      const [path = '', anchor] = link.url.split('#');
      const file = decoded(path.split('?')[0]!);
      if (file === '') continue;
      const bare = document.source.text[link.range.start] !== '[';
      if (exists(file) === false) {
        report(link.range, {
          message: `there is no file ${file}`,
          ...(bare && { severity: 'info' as const }),
        });
        continue;
      }
      const text = anchor && /\.(?:md|markdown)$/i.test(file) ? fileText?.(file) : undefined;
      if (
        anchor &&
        text !== undefined &&
        !slugsIn(text).has(decoded(anchor).toLowerCase().replace(/-\d+$/, '')) &&
        !slugsIn(text).has(decoded(anchor))
      )
        report(link.range, { message: `${file} has no heading #${anchor}` });
    }
  },
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
