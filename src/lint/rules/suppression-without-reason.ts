import type { Rule } from '../rule.ts';

export const suppressionWithoutReason: Rule = {
  id: 'suppression-without-reason',
  severity: 'warning',
  summary: 'a rule is disabled without a reason, there is no such rule, or the comment is mistyped',
  why: 'The next one who reads the line cannot tell whether somebody has thought about it or only wanted silence.',
  instead: '<!-- drillbook-lint-disable RULE because … -->',
  examples: {
    bad: [
      '# Example\n\n<!-- drillbook-lint-disable unresolved-text -->\nRTO: TBD\n',
      '# Example\n\n<!-- drillbook-lint-disable no-such-rule for a reason -->\n',
      '# Example\n\n<!-- drillbook-lint-disabel unresolved-text the board decides in May -->\nRTO: TBD\n',
    ],
    good: [
      '# Example\n\n<!-- drillbook-lint-disable unresolved-text the board decides in May -->\nRTO: TBD\n',
    ],
  },
  // Suppressions are read after all rules have spoken: see suppression.ts.
  check() {},
};
