import type { Rule } from '../rule.ts';
import { isActedOn, titlePlace } from '../titled.ts';

export const noOwner: Rule = {
  id: 'no-owner',
  severity: 'info',
  summary: 'the runbook names nobody who keeps it',
  why: 'When a line is wrong, nobody knows whom to wake, and afterwards nobody mends it.',
  instead: 'Write **Owner**: TEAM below the title, or owner: TEAM into the front matter.',
  examples: {
    bad: ['# Example\n\n## Restart\n\n```bash\nsystemctl restart api\n```\n'],
    good: [
      '# Example\n\n**Owner**: Database team\n\n## Restart\n\n```bash\nsystemctl restart api\n```\n',
      '# Example\n\n## Look\n\n```bash\nls -l\n```\n',
    ],
  },
  check(document, report) {
    const { meta } = document.runbook;
    const named =
      meta.owner ?? Object.keys(meta.fields).find((key) => /owner|maintain|author|team/i.test(key));
    if (!named && isActedOn(document)) report(titlePlace(document));
  },
};
