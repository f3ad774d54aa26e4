import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import { afterVerb, type Invocation } from '../invocation.ts';
import type { Rule } from '../rule.ts';

interface Asker {
  readonly tools: RegExp;
  readonly verbs: readonly string[];
  /** Any one of these keeps it from asking. */
  readonly flags: readonly string[];
  readonly flag: string;
  /** Nothing is lost by saying yes in the text. */
  readonly harmless?: boolean;
}

/** Commands that ask before they act, and the option that keeps them from it. Documentation of the tools, 2026. */
const askers: readonly Asker[] = [
  { tools: /^railway$/, verbs: ['restart', 'redeploy'], flags: ['-y', '--yes'], flag: '-y', harmless: true },
  { tools: /^railway$/, verbs: ['down', 'postgres pitr restore'], flags: ['-y', '--yes'], flag: '-y' },
  {
    tools: /^(apt|apt-get|dnf|yum)$/,
    verbs: ['install'],
    flags: ['-y', '--yes', '--assume-yes', '-qq', '--assumeyes'],
    flag: '-y',
    harmless: true,
  },
  {
    tools: /^(apt|apt-get|dnf|yum)$/,
    verbs: ['remove', 'purge', 'upgrade', 'update-minimal', 'dist-upgrade', 'autoremove'],
    flags: ['-y', '--yes', '--assume-yes', '-qq', '--assumeyes'],
    flag: '-y',
  },
  {
    tools: /^docker$/,
    verbs: [
      'system prune',
      'volume prune',
      'image prune',
      'container prune',
      'network prune',
      'builder prune',
    ],
    flags: ['-f', '--force'],
    flag: '-f',
  },
  {
    tools: /^gcloud$/,
    verbs: [
      'sql instances delete',
      'sql instances restart',
      'sql backups restore',
      'compute instances delete',
      'container clusters delete',
    ],
    flags: ['-q', '--quiet'],
    flag: '--quiet',
  },
  {
    tools: /^heroku$/,
    verbs: ['pg:reset', 'pg:backups:restore', 'pg:copy'],
    flags: ['--confirm', '-c'],
    flag: '--confirm APP',
  },
];

export const nonInteractiveFlagMissing: Rule = {
  id: 'non-interactive-flag-missing',
  severity: 'warning',
  summary: 'the command asks a question, and fails or waits where nobody can answer',
  why: 'In a script, in CI or with its output recorded, it stops half way: maintenance mode is set, and the service was never restarted.',
  instead: 'Give the option that answers the question.',
  examples: {
    bad: [inShell('railway restart'), inShell('sudo apt-get install postgresql-client-16')],
    good: [inShell('railway restart -y'), inShell('sudo apt-get install -y postgresql-client-16')],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const asker = askers.find((each) => asks(each, invocation));
      if (!asker || invocation.feed?.kind === 'pipe') continue;
      const verb = asker.verbs.find((each) => afterVerb(invocation, each))!;
      const last = invocation.operands[verb.split(' ').length - 1]!;
      const range = script.place(last.start, last.end);
      const stands = document.source.text.slice(range.start, range.end) === last.text;
      report(script.place(invocation.start, invocation.end), {
        message: `${invocation.name} ${verb} asks before it acts`,
        instead: `${invocation.name} ${verb} ${asker.flag}`,
        // Mostly written for somebody at a terminal, long before the incident.
        ...(/^(?:apt|apt-get|dnf|yum)$/.test(invocation.name) && { severity: 'info' as const }),
        fix: asker.harmless && stands ? [{ start: range.end, end: range.end, text: ` ${asker.flag}` }] : [],
      });
    }
  },
};

function asks(asker: Asker, invocation: Invocation): boolean {
  if (!asker.tools.test(invocation.name)) return false;
  if (
    invocation.words.some((word) =>
      asker.flags.some(
        (flag) => word.text === flag || word.text.startsWith(`${flag}=`) || clustered(word.text, flag),
      ),
    )
  )
    return false;
  return asker.verbs.some((verb) => afterVerb(invocation, verb));
}

/** `-af` has `-f` in it. */
function clustered(text: string, flag: string): boolean {
  return /^-[a-zA-Z]{2,}$/.test(text) && /^-[a-zA-Z]$/.test(flag) && text.includes(flag[1]!);
}
