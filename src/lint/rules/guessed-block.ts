import type { Rule } from '../rule.ts';

export const guessedBlock: Rule = {
  id: 'guessed-block',
  severity: 'info',
  summary: 'whether this block is to be run had to be guessed',
  why: 'A reader guesses too: example output is pasted into a shell, or a command is taken for output and left out.',
  instead:
    'Tag the fence: bash for commands, text or output for what is printed, the language for anything else.',
  examples: {
    bad: ['# Example\n\n## Look\n\n```\nkubectl get pods\n```\n'],
    good: [
      '# Example\n\n## Look\n\n```bash\nkubectl get pods\n```\n',
      '# Example\n\n## Look\n\n```text\nname ready\napi yes\n```\n',
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const { guess, role, range, tag } of document.runbook.blocks) {
      // Who tags a block as text has said that it is not to be run.
      const said = /^(?:text|txt|plaintext|plain|output|out|log)$/.test(tag) && /^(?:sample|log)$/.test(role);
      if (!guess || said) continue;
      report(source.range(range.start, source.line(range.line).end), {
        message: `read as ${role}: ${guess.reason}; it may be ${guess.otherwise}`,
      });
    }
  },
};
