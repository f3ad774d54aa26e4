import type { Rule } from './rule.ts';

/** The page of a rule, in Markdown: made from what the rule itself says, so that the two cannot differ. */
export function pageOf(rule: Rule): string {
  const examples = (title: string, texts: readonly string[]) =>
    texts.length === 0
      ? []
      : [`## ${title}`, '', ...texts.flatMap((text) => ['~~~~markdown', text.trimEnd(), '~~~~', ''])];
  return [
    `# ${rule.id}`,
    '',
    `${sentence(rule.summary)} (${rule.severity})`,
    '',
    '## Why it matters at 03:12',
    '',
    rule.why,
    '',
    '## What to write instead',
    '',
    rule.instead,
    '',
    ...examples('Found', rule.examples.bad),
    ...examples('Left alone', rule.examples.good),
    '## To leave one line alone',
    '',
    `<!-- drillbook-lint-disable ${rule.id} REASON -->`,
    '',
    'stands on the line above; in a code block: # drillbook-lint-disable. For the whole document: drillbook-lint-disable-file.',
    'For the project, in drillbook.yaml:',
    '',
    '    lint:',
    '      rules:',
    `        ${rule.id}: off`,
    '',
  ].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
