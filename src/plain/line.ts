import { planned, plannedParts } from '../run/plan.ts';
import { readCommand } from '../run/read.ts';
import type { RecordedEvent, RunState } from '../run/state.ts';
import type { Part } from '../runbook/part.ts';

/** One event as one line for a log; undefined for events that say nothing to a reader. Not sanitised. */
export function lineOf(event: RecordedEvent, state: RunState): string | undefined {
  switch (event.type) {
    case 'run-started': {
      const { target, mode, procedure, run } = event;
      const where = target ? `${target.database} on ${target.address} (${target.environment})` : 'no target';
      return `${mode}: ${procedure.title}, ${where}, run ${run}`;
    }
    case 'run-resumed':
      return `resumed${event.tornBytes > 0 ? `; ${event.tornBytes} bytes of a torn last line were cut off` : ''}`;
    case 'runbook-checked':
      if (event.accepted) return `the changed runbook was accepted: ${event.accepted}`;
      return event.same ? undefined : 'the runbook has changed since the run began';
    case 'identity-read': {
      const { identity } = event;
      return `server: ${identity.address}, database ${identity.database}, ${identity.replica ? 'replica' : 'primary'}, PostgreSQL ${identity.version}, system ${identity.system ?? 'not readable'}`;
    }
    case 'identity-failed':
      return `the server did not say who it is: ${event.reason}`;
    case 'identity-accepted':
      return `the changed server was accepted: ${event.reason}`;
    case 'option-chosen':
      return `option: ${event.option}${event.instead ? `, instead of ${event.instead}` : ''}`;
    case 'input-given':
      return `input: ${event.name} = ${event.secret ? '(secret)' : event.value} (from ${event.source})`;
    case 'step-entered':
      return `\nstep ${stepTitle(state, event.step)}`;
    case 'block-reread':
      return `line ${event.line} is read as ${event.role} now, not as ${event.was} (a guess: ${event.reason})`;
    case 'remedy-taken':
      return `what helps against “${event.title}” (line ${event.line}) is part of the step now`;
    case 'step-skipped':
      return `step skipped: ${event.reason}`;
    case 'guard-confirmed':
      return `guard: ${event.effect}, confirmed by ${event.by}${event.phrase ? ` "${event.phrase}"` : ''}${event.cautions ? `; although ${event.cautions.join('; ')}` : ''}`;
    case 'guard-refused':
      return `guard: ${event.effect}, refused: ${event.reason}`;
    case 'guard-overridden':
      return `guard overridden (${event.refusal}): ${event.reason}`;
    case 'command-started': {
      const caption = partOf(state, event.command);
      const title = caption?.kind === 'command' && caption.caption ? `${caption.caption}\n` : '';
      return `${title}$ ${event.text.replaceAll('\n', '\n  ')}`;
    }
    case 'command-spawned':
      return undefined;
    case 'command-finished': {
      const seconds = (event.durationMs / 1000).toFixed(1);
      const exit =
        event.exit.kind === 'code'
          ? `exit ${event.exit.code}`
          : event.exit.kind === 'signal'
            ? event.exit.signal
            : event.exit.error;
      return `${event.verdict} (${exit}, ${seconds} s)${event.reason ? `: ${event.reason}` : ''}`;
    }
    case 'command-interrupted':
      return `interrupted, outcome unknown: ${event.command}${event.alive ? ` is still running (pid ${event.pid})` : ''}`;
    case 'command-settled':
      return `settled as ${event.as}: ${event.note}`;
    case 'command-edited':
      return `edited: ${event.command}`;
    case 'command-done-by-hand':
      return `done by hand: ${event.note}`;
    case 'stop-requested':
      return `${event.signal} sent`;
    case 'background-signalled':
      return `${event.signal} sent to the background process ${event.pid}`;
    case 'background-settled':
      return event.as === 'left'
        ? `LEFT RUNNING in the background: ${backgroundOf(state, event.pid)}`
        : `background process ${event.as}: ${backgroundOf(state, event.pid)}`;
    case 'manual-done':
    case 'check-answered': {
      const part = partOf(state, event.part);
      const text = part && 'text' in part ? part.text : event.part;
      const answer = event.type === 'check-answered' ? event.answer : 'done';
      return `${event.unattended ? 'unattended' : answer}: ${text}${event.note ? ` (${event.note})` : ''}`;
    }
    case 'criterion-judged': {
      const part = partOf(state, event.part);
      const text = part && 'text' in part ? part.text : event.part;
      return `criterion ${event.verdict}: ${text}${event.measured ? ` (${event.measured})` : ''}`;
    }
    case 'part-skipped':
      return state.started.mode === 'preview'
        ? previewOf(partOf(state, event.part), state)
        : `skipped: ${event.reason}`;
    case 'file-saved':
      return `saved: ${event.path} (${event.bytes} bytes)`;
    case 'note-added':
      return `note: ${event.text}`;
    case 'backup-reported':
      return `backup ${event.backup.action}: ${event.backup.name}${event.backup.verified === false ? ', NOT verified' : ''}`;
    case 'comparison-reported':
      return event.comparison.equal
        ? `comparison: ${event.comparison.left} equals ${event.comparison.right}`
        : `comparison: ${event.comparison.left} differs from ${event.comparison.right}: ${event.comparison.differences.join('; ')}`;
    case 'shell-opened':
      return 'a shell was opened';
    case 'shell-closed':
      return 'the shell was closed';
    case 'question-answered':
      return `${event.question}: ${event.answer}`;
    case 'run-stopped':
      return `\nstopped: ${event.reason}`;
    case 'handed-over':
      return `handed over to ${event.to}`;
    case 'run-taken-over':
      return `taken over from ${event.from} on ${event.lost}, which had not handed it over: ${event.reason}`;
    case 'run-finished':
      return `\n${event.outcome}${event.reason ? `: ${event.reason}` : ''}`;
    case 'training':
      return `training: ${event.fact.kind}`;
  }
}

/** What would be done here: a command with the values that are known, and what it would do. */
function previewOf(part: Part | undefined, state: RunState): string | undefined {
  switch (part?.kind) {
    case 'command': {
      const { prepared, reading } = readCommand(state, part);
      const reasons = reading.effects.filter((effect) => effect.class === reading.class);
      const why = [...new Set(reasons.map(({ reason }) => reason))].join('; ');
      const caption = part.caption ? `${part.caption}\n` : '';
      return `${caption}$ ${prepared.shown.replaceAll('\n', '\n  ')}\n  ${reading.class}${why ? `: ${why}` : ''}`;
    }
    case 'manual':
      return `by hand: ${part.text}`;
    case 'check':
      return `to check: ${part.text}`;
    case 'criterion':
      return `criterion: ${part.text}`;
    default:
      return undefined;
  }
}

function backgroundOf(state: RunState, pid: number): string {
  const known = state.background.findLast((process) => process.pid === pid);
  return known ? `${known.command} (pid ${pid})` : `pid ${pid}`;
}

function stepTitle(state: RunState, id: string): string {
  const steps = planned(state.started.procedure.items, state.options);
  const step = steps.find((item) => item.id === id);
  const at = steps.findIndex((item) => item.id === id);
  const phase = step?.kind === 'step' && step.phase ? ` [${step.phase}]` : '';
  return `${at + 1}/${steps.length}: ${step?.title ?? id}${phase}`;
}

function partOf(state: RunState, id: string): Part | undefined {
  return planned(state.started.procedure.items, state.options)
    .flatMap((item) => (item.kind === 'step' ? plannedParts(item.parts, state.options) : []))
    .find((part) => 'id' in part && part.id === id);
}
