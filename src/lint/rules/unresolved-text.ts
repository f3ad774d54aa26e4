import type { Rule } from '../rule.ts';

const open =
  /\b(?:TBD|TBC)\b(?!-)|(?<=^[\s>*+#-]*(?:\[ \] )?(?:\*\*)?)(?:TODO|FIXME|XXX)\b|\b(?:TODO|FIXME)(?=\s*[:(])|(?<=[:|]\s*)(?:TODO|FIXME|XXX)(?=\s*(?:\||$))|(?<=\S.*)\?\?\?(?!\+? \w)|\bto be (?:determined|defined|decided|documented|confirmed)\b/;
const filler =
  /(?<![\w\]!)])\[(?:(?:Your |Team |Full )?(?:Name|E-?mail|Phone|Contact|Date|Person|Number|Slack|Channel|Role|Owner|Title|URL|Link|Address|Email\/Phone)(?:[ /](?:Name|E-?mail|Phone|Number|Address|Here|Channel))*|(?:Configure|Insert|Add|Fill|Enter|Replace|Specify|Your) [^\][]{1,60}|\.\.\.|_{2,})\](?![([:])/i;

export const unresolvedText: Rule = {
  id: 'unresolved-text',
  severity: 'warning',
  summary: 'a part of the runbook was never written',
  why: 'It is read by somebody who has to know, now, whom to call or how long this may take, and the answer was left for later.',
  instead: 'Write the answer, or say plainly that there is none and who decides.',
  examples: {
    bad: [
      '# Example\n\n- TODO: write this down\n',
      '# Example\n\n| a | TBD |\n|---|---|\n',
      '# Example\n\nRTO: TBD\n',
      '# Example\n\n- Lead: [Name]\n- Hotline: [Configure in production]\n',
    ],
    good: [
      '# Example\n\nMark it as TODO when it fails, see [Specify it](https://example.org).\n\n??? note\n    more\n',
      '# Example\n\nRTO: 1 hour\n\nSee [the name](name.md) and `TODO.md`.\n',
      '# Example\n\n```bash\ngrep TODO notes.txt\n```\n',
      '# Example\n\n- [ ] Name the lead\n',
    ],
  },
  check(document, report) {
    for (const line of document.prose) {
      const found = open.exec(line.text) ?? filler.exec(line.text);
      if (!found) continue;
      const start = line.start + found.index;
      report(document.source.range(start, start + found[0].length), {
        message: `"${found[0]}" stands where an answer should`,
      });
    }
  },
};
