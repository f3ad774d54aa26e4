import { anchorsOf } from '../anchors.ts';
import type { Rule } from '../rule.ts';

export const deadAnchor: Rule = {
  id: 'dead-anchor',
  severity: 'warning',
  summary: 'a link leads to a heading that is not there',
  why: 'The table of contents is how a stranger finds the procedure. A link that does nothing costs minutes of scrolling.',
  instead: 'Write the heading as it is: lower case, signs left out, blanks as hyphens.',
  examples: {
    bad: ['# Example\n\nSee [restore](#restore-procedure).\n\n## Restore procedures\n'],
    good: [
      '# Example\n\n[a](#box) [b](#declaring-program-variable)\n\n## `<Box>`\n\n## Declaring _program_ variable\n',
      '# Example\n\nSee [restore](#restore--verify) and [top](#example).\n\n## Restore & Verify\n',
      '# Example\n\n<a id="here"></a>\n\n[x](#here)\n',
    ],
  },
  check(document, report) {
    const slugs = new Set(anchorsOf(document).flatMap(({ slug }) => [slug, slug.toLowerCase()]));
    for (const link of document.runbook.links) {
      if (!link.url.startsWith('#') || link.url === '#' || /^#(?:top$|user-content-|tab\/)/.test(link.url))
        continue;
      let wanted = link.url.slice(1);
      try {
        wanted = decodeURIComponent(wanted);
      } catch {
        // A stray % is part of the name.
      }
      if (slugs.has(wanted) || slugs.has(wanted.toLowerCase())) continue;
      // Emoji in front of a heading leave a hyphen, and people write the link with and without it.
      const bare = wanted.replace(/^-+|\ufe0f/g, '');
      if ([...slugs].some((slug) => slug.replace(/^-+|\ufe0f/g, '') === bare)) continue;
      report(link.range, { message: `there is no heading #${wanted}` });
    }
  },
};
