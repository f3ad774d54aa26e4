import { invocationsOf } from '../database-work.ts';
import { after } from '../document.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';
import { isAwaited, matters } from './background-failure-hidden.ts';

export const backgroundNotAwaited: Rule = {
  id: 'background-not-awaited',
  severity: 'error',
  summary: 'something is changed while work in the background may still run',
  why: 'Writes come back while the dump is still being made, or files are moved before they are whole: the backup is not what it says.',
  instead: 'Put wait before it: wait "$PID" && echo done',
  examples: {
    bad: [inShell('pg_dump -Fc -f backup.dump app &', 'railway variable set READ_ONLY_MODE=false')],
    good: [
      inShell('pg_dump -Fc -f backup.dump app &', 'wait $!', 'railway variable set READ_ONLY_MODE=false'),
      inShell('pg_dump -Fc -f backup.dump app &', 'ls -lh backup.dump', 'wait'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      if (!doing || !invocation.background || !matters(invocation)) continue;
      if (isAwaited(document, script, doing, invocation)) continue;
      const next = after(document, doing).find(
        (each) => each.script && each.script.effects.class !== 'reads' && !each.script.effects.background,
      );
      if (!next?.script) continue;
      report(next.part.range, {
        message: `this happens while ${invocation.name} of line ${script.place(invocation.start, invocation.end).line} may still run in the background`,
      });
    }
  },
};
