import { backsUp, invocationsOf, restores } from '../database-work.ts';
import { after, type Document, type Doing } from '../document.ts';
import { inShell } from '../example.ts';
import type { Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';
import type { Script } from '../script.ts';

const weighty = /^(cp|mv|rsync|tar|scp|dd|aws|gcloud|az|rclone|mc|s3cmd)$/;

export const backgroundFailureHidden: Rule = {
  id: 'background-failure-hidden',
  severity: 'error',
  summary: 'the & hides whether the command has worked',
  why: 'The shell says nothing when it fails, and the next steps count on it: the emergency backup may not exist.',
  instead:
    'Run it in the foreground, or keep its number and ask: command & PID=$!; …; wait "$PID" || echo FAILED',
  examples: {
    bad: [inShell('pg_dump -Fc -f backup.dump app &')],
    good: [
      inShell('pg_dump -Fc -f backup.dump app &', 'wait $!'),
      inShell('kubectl port-forward svc/db 5432:5432 &'),
    ],
  },
  check(document, report) {
    for (const { invocation, script, doing } of invocationsOf(document)) {
      if (!invocation.background || !matters(invocation) || invocation.captured) continue;
      if (isAwaited(document, script, doing, invocation)) continue;
      const end = invocation.output ? Math.max(invocation.end, invocation.output.file.end) : invocation.end;
      report(script.place(invocation.start, end), {
        message: `${invocation.name} runs in the background, and nobody learns whether it failed`,
      });
    }
  },
};

/** Work that the following steps count on. */
export function matters(invocation: Invocation): boolean {
  return backsUp(invocation) || restores(invocation, '') || weighty.test(invocation.name);
}

/** True where a `wait` follows, in the script or later in the procedure. */
export function isAwaited(
  document: Document,
  script: Script,
  doing: Doing | undefined,
  job: Invocation,
): boolean {
  const waits = (each: Invocation) => each.name === 'wait' || each.name === 'fg';
  if (script.invocations.some((each) => each.start > job.start && waits(each))) return true;
  return doing !== undefined && after(document, doing).some((each) => each.script?.invocations.some(waits));
}
