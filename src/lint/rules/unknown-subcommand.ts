import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import { afterVerb, type Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

/** Verbs that people write and that a tool does not have, with what does the job. Documentation of the tools, 2026. */
const missing: readonly {
  readonly tool: string;
  readonly verb: string;
  readonly use: string;
  readonly sure?: boolean;
}[] = [
  { tool: 'railway', verb: 'env set', use: 'variable set', sure: true },
  { tool: 'railway', verb: 'environment set', use: 'variable set', sure: true },
  { tool: 'railway', verb: 'env get', use: 'variable list' },
  { tool: 'railway', verb: 'env list', use: 'variable list' },
  { tool: 'railway', verb: 'vars set', use: 'variable set', sure: true },
  { tool: 'railway', verb: 'service stop', use: 'down -y' },
  { tool: 'railway', verb: 'service restart', use: 'restart -y' },
  { tool: 'railway', verb: 'stop', use: 'down -y' },
  { tool: 'railway', verb: 'backup', use: 'postgres pitr status' },
  { tool: 'railway', verb: 'rollback', use: 'redeploy -y, or the dashboard' },
  { tool: 'heroku', verb: 'pg:backup', use: 'pg:backups:capture' },
  { tool: 'kubectl', verb: 'restart', use: 'rollout restart' },
  { tool: 'docker', verb: 'compose restart-all', use: 'compose restart' },
  { tool: 'aws', verb: 's3 delete', use: 's3 rm' },
  { tool: 'aws', verb: 's3 copy', use: 's3 cp' },
  { tool: 'aws', verb: 's3 list', use: 's3 ls' },
];

export const unknownSubcommand: Rule = {
  id: 'unknown-subcommand',
  severity: 'error',
  summary: 'the tool has no such command',
  why: 'It fails the first time that somebody runs it, and that is during the incident: nobody has ever run this line.',
  instead: 'Write the command that the tool has, and run every line of the runbook once in a drill.',
  examples: {
    bad: [inShell('railway env set READ_ONLY_MODE=true')],
    good: [
      inShell('railway variable set READ_ONLY_MODE=true --service api'),
      inShell('railway environment production'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document))
      for (const { tool, verb, use, sure } of missing) {
        if (invocation.name !== tool || !afterVerb(invocation, verb)) continue;
        const words = verb.split(' ').map((_, index) => invocation.operands[index]!);
        const range = script.place(words[0]!.start, words.at(-1)!.end);
        const stands = document.source.text.slice(range.start, range.end) === verb;
        report(script.place(invocation.start, invocation.end), {
          message: `${tool} has no command "${verb}"`,
          instead: `${tool} ${use}${rest(invocation, verb)}`,
          fix: sure && stands ? [{ start: range.start, end: range.end, text: use }] : [],
        });
        break;
      }
  },
};

function rest(invocation: Invocation, verb: string): string {
  const words = invocation.operands
    .slice(verb.split(' ').length)
    .map((word) => word.text.replace(/=.*/s, '=…'));
  return words.length > 0 ? ` ${words.join(' ')}` : '';
}
