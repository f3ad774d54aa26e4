import type { CommandFinished, RunEvent } from '../run/event.ts';
import { planned, plannedParts } from '../run/plan.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import { withoutSecrets } from './command-lines.ts';
import { brief, size, timeOfDay } from './duration.ts';
import { type Line, line, span } from './line.ts';
import { roleWords } from './role-words.ts';

/** The events of a run as rows, oldest first, with their time of day in UTC. */
export function momentLines(state: RunState, events: readonly RecordedEvent[]): readonly Line[] {
  const names = namesOf(state);
  return events.flatMap((event) => {
    const text = textOf(event, (id) => names.get(id) ?? id);
    return text === undefined ? [] : [line(span(` ${timeOfDay(event.time)}  `, { dim: true }), text)];
  });
}

/** What steps and parts are called, by their ids. */
function namesOf(state: RunState): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const item of planned(state.started.procedure.items, state.options)) {
    names.set(item.id, item.title);
    if (item.kind !== 'step') continue;
    for (const part of plannedParts(item.parts, state.options)) {
      if (part.kind === 'command') names.set(part.id, part.caption ?? part.text);
      else if ('text' in part && 'id' in part) names.set(part.id, part.text);
    }
  }
  return names;
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
      return `chosen: ${name(event.choice)}: ${event.option}`;
    case 'input-given':
      return `value for ${event.name}: ${event.secret ? '••••••' : (event.value ?? '')} (${event.source})`;
    case 'step-entered':
      return `step: ${name(event.step)}`;
    case 'block-reread':
      return `line ${event.line} read as ${roleWords[event.role]}, not as ${roleWords[event.was]}`;
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
    case 'run-finished':
      return `run ${event.outcome}${event.reason ? `: ${event.reason}` : ''}`;
  }
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
