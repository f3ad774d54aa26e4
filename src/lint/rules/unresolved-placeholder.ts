import type { Rule } from '../rule.ts';

export const unresolvedPlaceholder: Rule = {
  id: 'unresolved-placeholder',
  severity: 'info',
  summary: 'a command holds a value that has to be replaced',
  why: 'On paper it is copied as it stands, and the command runs against a host called "host". Drillbook asks for it before the run.',
  instead:
    'Take it from a variable that is set in one place at the top, and say there where the value comes from.',
  examples: {
    bad: ['# Example\n\n## Back up\n\n```bash\npg_dump --host=<host> -f backup.sql app\n```\n'],
    good: ['# Example\n\n## Back up\n\n```bash\npg_dump --host=db.internal -f backup.sql app\n```\n'],
  },
  check(document, report) {
    for (const procedure of document.runbook.procedures)
      for (const placeholder of procedure.placeholders) {
        const [first] = placeholder.uses;
        if (!first || placeholder.text.length > 200) continue;
        const shown = placeholder.text.replace(/(:\/\/[^\s:/@]*):[^\s@]*@/, '$1:…@');
        report(first.range, { message: `${shown} has to be replaced before this runs` });
      }
  },
};
