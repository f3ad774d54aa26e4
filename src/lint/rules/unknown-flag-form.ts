import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import { afterVerb, type Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

interface Misfit {
  readonly tool: string;
  readonly is: (invocation: Invocation) => boolean;
  readonly message: string;
  readonly instead: string;
}

/** Calls that a tool refuses because of how its options are written. Documentation and sources of the tools, 2026. */
const misfits: readonly Misfit[] = [
  {
    tool: 'render',
    is: (call) => (afterVerb(call, 'logs')?.length ?? 0) > 0 && !call.options.has('-r', '--resources'),
    message: 'render logs takes the service by --resources, not by its place',
    instead: 'render logs --resources srv-… --tail',
  },
  {
    tool: 'pg_restore',
    is: (call) => call.options.has('--if-exists') && !call.options.has('-c', '--clean'),
    message: 'pg_restore refuses --if-exists without --clean',
    instead: '--clean --if-exists, or neither',
  },
  {
    tool: 'pg_restore',
    is: (call) =>
      call.options.has('-1', '--single-transaction') &&
      Number(call.options.value('-j', '--jobs')?.text ?? 1) > 1,
    message: 'pg_restore refuses --single-transaction together with --jobs',
    instead: '--exit-on-error --jobs=N into a new database, or --single-transaction alone',
  },
  {
    tool: 'pg_dump',
    is: (call) => call.options.has('-s', '--schema-only') && call.options.has('-a', '--data-only'),
    message: 'pg_dump refuses --schema-only together with --data-only',
    instead: 'one of them, or neither',
  },
  {
    tool: 'kubectl',
    is: (call) => {
      const rest = afterVerb(call, 'exec');
      return (
        rest !== undefined &&
        rest.length > 1 &&
        !call.words.some((word) => word.text === '--') &&
        !call.options.has('--help', '-f', '--filename')
      );
    },
    message: 'kubectl exec wants -- before the command',
    instead: 'kubectl exec POD -- COMMAND',
  },
];

export const unknownFlagForm: Rule = {
  id: 'unknown-flag-form',
  severity: 'error',
  summary: 'the tool does not take its options in this form',
  why: 'It prints its usage and does nothing, and the one at the keyboard has to read documentation in the night.',
  instead: 'Write the options as the tool takes them, and run the line once in a drill.',
  examples: {
    bad: [
      inShell('render logs srv-123 --tail'),
      inShell('pg_restore --if-exists -d app b.dump'),
      inShell('pg_restore -1 -j 4 -d app b.dump'),
    ],
    good: [
      inShell('render logs --resources srv-123 --tail'),
      inShell('pg_restore --clean --if-exists -d app b.dump'),
      inShell('kubectl exec -it db-0 -- psql -l'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const misfit = misfits.find((each) => each.tool === invocation.name && each.is(invocation));
      if (misfit)
        report(script.place(invocation.start, invocation.end), {
          message: misfit.message,
          instead: misfit.instead,
        });
    }
  },
};
