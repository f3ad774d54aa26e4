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
      '# Example\n\n## Stop it\n\n```\ngcloud --project $project compute instances stop $instance\n```\n',
    ],
  },
  check(document, report) {
    const { source } = document;
    for (const { guess, role, range, tag } of document.runbook.blocks) {
      // Who tags a block as text has said that it is not to be run.
      const said = /^(?:text|txt|plaintext|plain|output|out|log)$/.test(tag) && /^(?:sample|log)$/.test(role);
      if (!guess || said || (role === 'commands' && isTyped(source.text.slice(range.start, range.end))))
        continue;
      report(source.range(range.start, source.line(range.line).end), {
        message: `read as ${role}: ${guess.reason}; it may be ${guess.otherwise}`,
      });
    }
  },
};

/** A shell would have put the value there: what a program has printed holds no variables in its first command. */
function isTyped(block: string): boolean {
  const first = block.split('\n').find((line) => !/^\s*(?:`{3}|~{3}|#|$)/.test(line)) ?? '';
  return /^\s*[\w./-]+\s(?:[^'#]*\s)?["\w./=:~-]*\$(?:\w|\{\w)/.test(first);
}
