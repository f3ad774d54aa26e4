import type { Rule } from '../rule.ts';
import { isActedOn, titlePlace } from '../titled.ts';

/** What a line at the top is called that says how to reach somebody. */
const reaching = /slack|contact|on-?call|pager|escalat|e-?mail|phone|channel/i;

/** A channel, an address, a handle, a telephone number. */
const reachable = /(^|\s)#[a-z][\w-]+|[\w.+-]+@[\w-]+\.\w+|(^|\s)@[a-z][\w/-]+|\+?\d[\d ()-]{7,}\d/i;

export const noContacts: Rule = {
  id: 'no-contacts',
  severity: 'info',
  summary: 'the runbook does not say whom to call',
  why: 'When a step does not work out, the one who follows it has to decide alone, or to search for a number.',
  instead: 'Add a section Contacts: role, and how to reach it now.',
  examples: {
    bad: ['# Example\n\n## Restart\n\n```bash\nsystemctl restart api\n```\n'],
    good: [
      '# Example\n\n## Restart\n\n```bash\nsystemctl restart api\n```\n\n## Contacts\n\n| Role | Contact |\n|---|---|\n| On call | #db-oncall |\n',
      '---\nowner_slack: "#database-team"\n---\n\n# Example\n\n## Restart\n\n```bash\nsystemctl restart api\n```\n',
      '# Example\n\n## Look\n\n```bash\nls -l\n```\n',
    ],
  },
  check(document, report) {
    const { contacts, meta } = document.runbook;
    if (contacts.length > 0 || !isActedOn(document)) return;
    const said = Object.entries({ owner: meta.owner ?? '', ...meta.fields });
    if (said.some(([key, value]) => value !== '' && (reaching.test(key) || reachable.test(value)))) return;
    if (
      document.prose.some((line) =>
        /\b(?:escalat\w*|pager ?duty|opsgenie|on-?call|hotline|#[a-z][\w-]+-?(?:oncall|incident\w*|support|ops|db))\b/i.test(
          line.text,
        ),
      )
    )
      return;
    report(titlePlace(document));
  },
};
