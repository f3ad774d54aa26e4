import type { CommandFinished, RunEvent } from '../run/event.ts';
import { choicesOf } from '../run/plan.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import type { Part } from '../runbook/part.ts';
import { withoutSecrets } from './command-lines.ts';
import { brief, size, timeOfDay } from './duration.ts';
import { type Line, line, span, wrap } from './line.ts';
import { roleWords } from './role-words.ts';
import { stepsOf } from './steps-of.ts';

/** The events of a run as rows of a width, oldest first, with their time of day in UTC. */
export function momentLines(
  state: RunState,
  events: readonly RecordedEvent[],
  width: number,
): readonly Line[] {
  const names = namesOf(state);
  return events.flatMap((event) => {
    const text = textOf(event, (id) => names.get(id) ?? id);
    if (text === undefined) return [];
    const time = ` ${timeOfDay(event.time)}  `;
    return wrap(line(span(time, { dim: true }), text), width, time.length);
  });
}

/** What steps, parts, choices and options are called, by their ids; those of every way. */
function namesOf(state: RunState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const choice of choicesOf(state.started.procedure.items)) {
    names.set(choice.id, choice.title);
    for (const option of choice.options) names.set(optionName(choice.id, option.id), option.title);
  }
  for (const step of stepsOf(state.started.procedure.items)) {
    names.set(step.id, step.title);
    for (const part of everyPart(step.parts)) {
      if (part.kind === 'command') names.set(part.id, part.caption ?? part.text);
      else if ('text' in part && 'id' in part) names.set(part.id, part.text);
    }
  }
  return names;
}

function everyPart(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) =>
    part.kind === 'choice' ? part.options.flatMap((option) => everyPart(option.parts)) : [part],
  );
}

/** Ids of options are their own choice's only. */
function optionName(choice: string, option: string): string {
  return `${choice}\n${option}`;
}

/** One event in words; undefined for those that say nothing to a reader. */
function textOf(event: RunEvent, name: (id: string) => string): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `${event.mode} begins: ${event.procedure.title}`;
    case 'run-resumed':
      return `resumed on ${event.host}${event.tornBytes > 0 ? `; ${event.tornBytes} torn bytes cut off` : ''}`;
    case 'runbook-checked':
      if (event.accepted !== undefined) return `changed runbook accepted: ${event.accepted}`;
      return event.same ? 'the runbook is unchanged' : 'the runbook has changed';
    case 'identity-read':
      return `server: ${event.identity.database}@${event.identity.address}, version ${event.identity.version}`;
    case 'identity-failed':
      return `the server could not be asked: ${event.reason}`;
    case 'identity-accepted':
      return `changed server accepted: ${event.reason}`;
    case 'option-chosen':
      return chosen(event, name);
    case 'input-given':
      return `value for ${event.name}: ${event.secret ? '••••••' : (event.value ?? '')} (${event.source})`;
    case 'step-entered':
      return `step: ${name(event.step)}`;
    case 'block-reread':
      return `line ${event.line} read as ${roleWords[event.role]}, not as ${roleWords[event.was]}`;
    case 'remedy-taken':
      return `remedy: ${event.title} (line ${event.line})`;
    case 'step-skipped':
      return `step skipped: ${name(event.step)}: ${event.reason}`;
    case 'guard-confirmed':
      return `guard confirmed by ${event.by}${event.phrase ? `: ${event.phrase}` : ''}`;
    case 'guard-refused':
      return `guard refused: ${event.reason}`;
    case 'guard-overridden':
      return `guard overridden: ${event.reason}`;
    case 'command-started':
      return `runs: ${withoutSecrets(name(event.command))}`;
    case 'command-spawned':
      return undefined;
    case 'command-finished':
      return `  ${event.verdict}: ${endOf(event)} in ${brief(event.durationMs)}${event.reason ? `: ${event.reason}` : ''}`;
    case 'command-interrupted':
      return `interrupted, outcome unknown: ${withoutSecrets(name(event.command))}`;
    case 'command-settled':
      return `settled as ${event.as}: ${event.note}`;
    case 'command-edited':
      return `edited: ${withoutSecrets(event.text)}`;
    case 'command-done-by-hand':
      return `by hand: ${event.note}`;
    case 'stop-requested':
      return `${event.signal} sent`;
    case 'background-signalled':
      return `${event.signal} sent to the background process ${event.pid}`;
    case 'background-settled':
      return `background process ${event.pid}: ${event.as === 'left' ? 'left running, knowingly' : event.as}`;
    case 'manual-done':
      return `done: ${name(event.part)}${event.note ? ` (${event.note})` : ''}`;
    case 'check-answered':
      return `${event.answer}: ${name(event.part)}`;
    case 'criterion-judged':
      return `${event.verdict}: ${name(event.part)}`;
    case 'part-skipped':
      return `skipped: ${withoutSecrets(name(event.part))}: ${event.reason}`;
    case 'file-saved':
      return `saved: ${event.path}`;
    case 'note-added':
      return `note: ${event.text}`;
    case 'backup-reported':
      return `backup ${event.backup.action}: ${event.backup.name}${event.backup.bytes === undefined ? '' : ` (${size(event.backup.bytes)})`}`;
    case 'comparison-reported':
      return `${event.comparison.left} and ${event.comparison.right} ${event.comparison.equal ? 'are equal' : 'differ'}`;
    case 'shell-opened':
      return 'shell opened';
    case 'shell-closed':
      return `shell closed after ${brief(event.durationMs)}`;
    case 'question-answered':
      return `answered: ${event.answer}`;
    case 'run-stopped':
      return `stopped: ${event.reason}`;
    case 'handed-over':
      return `handed over to ${event.to}`;
    case 'run-taken-over':
      return `taken over from ${event.from} on ${event.lost}: ${event.reason}`;
    case 'run-finished':
      return `run ${event.outcome}${event.reason ? `: ${event.reason}` : ''}`;
    case 'training':
      return `training: ${event.fact.kind}`;
  }
}

function chosen(
  { choice, option, instead }: Extract<RunEvent, { type: 'option-chosen' }>,
  name: (id: string) => string,
): string {
  // An option whose name is not known stands as its id.
  const title = (id: string): string => name(optionName(choice, id)).split('\n').at(-1)!;
  return `chosen: ${title(option)}${instead === undefined ? '' : ` instead of ${title(instead)}`} (${name(choice)})`;
}

function endOf({ exit }: CommandFinished): string {
  switch (exit.kind) {
    case 'code':
      return `exit ${exit.code}`;
    case 'signal':
      return exit.signal;
    case 'not-started':
      return exit.error;
  }
}
