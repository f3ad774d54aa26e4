import { invocationsOf } from '../database-work.ts';
import { before } from '../document.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const singleQuotedExpansion: Rule = {
  id: 'single-quoted-expansion',
  severity: 'error',
  summary: 'another shell expands the variable, and does not know it',
  why: 'Inside single quotes the text goes on as it stands, to a shell that was never told the variable: it expands to nothing, and the wrong file is looked at.',
  instead:
    'Export the variable first (export NAME=…), or use double quotes so that your own shell puts the value in.',
  examples: {
    bad: [
      inShell('NAME=emergency', "watch -n 10 'ls -lh backups/${NAME}.dump'"),
      inShell('FILE=a.dump', "ssh db1 'pg_restore -f /dev/null $FILE'"),
    ],
    good: [
      inShell('export NAME=emergency', "watch -n 10 'ls -lh backups/${NAME}.dump'"),
      inShell('NAME=emergency', 'watch -n 10 "ls -lh backups/${NAME}.dump"'),
      inShell("bash -c 'NAME=x; ls $NAME'"),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      const remote = invocation.name === 'ssh';
      const carrier = remote || /^(watch|bash|sh|zsh|dash|su|timeout|xargs)$/.test(invocation.name);
      if (!carrier) continue;
      const earlier = doing ? before(document, doing).flatMap((each) => each.script?.assignments ?? []) : [];
      const set = [...earlier, ...script.assignments.filter((each) => each.end <= invocation.start)];
      for (const word of invocation.words) {
        const written = script.text.slice(word.start, word.end);
        if (!/^'[^']*'$/.test(written)) continue;
        const own = new Set(
          [...written.matchAll(/(?:^|[;&|\s'(])(\w+)=|\b(?:for|read(?:\s+-r)?)\s+(\w+)/g)].map(
            (found) => found[1] ?? found[2],
          ),
        );
        const names = [...written.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((found) => found[1]!);
        const lost = names.find(
          (name) =>
            !own.has(name) &&
            !invocation.environment.has(name) &&
            set.some((each) => each.name === name && each.value !== '') &&
            (remote || !set.some((each) => each.name === name && each.exported)),
        );
        if (!lost) continue;
        report(script.place(word.start, word.end), {
          message: `${lost} is set but not ${remote ? 'sent to the other host' : 'exported'}: the shell that ${invocation.name} starts expands it to nothing`,
        });
      }
    }
  },
};
