import type { Exit, Recorded, RunEvent } from '../run/event.ts';
import type { Identity } from '../run/target.ts';
import type { Part } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { firstLine, spoken, spokenBytes } from './format.ts';
import type { Index } from './procedure-index.ts';

/** An event in words for the timeline; undefined for those that only the machine needs. */
export function wordsOf(event: Recorded, index: Index): string | undefined {
  switch (event.type) {
    case 'run-started': {
      const where = event.target ? ` on ${event.target.name} (${event.target.environment})` : '';
      return `Run started (${event.mode})${where}`;
    }
    case 'run-resumed':
      return event.tornBytes > 0
        ? `Run resumed on ${event.host}; ${event.tornBytes} bytes of an unfinished line were cut off`
        : `Run resumed on ${event.host}`;
    case 'runbook-checked':
      if (event.same) return undefined;
      return event.accepted === undefined
        ? 'The runbook has changed since the run began'
        : `Went on with the changed runbook: ${event.accepted}`;
    case 'identity-read':
      return undefined;
    case 'identity-failed':
      return `The server could not be asked who it is: ${event.reason}`;
    case 'identity-accepted':
      return `Went on with a changed server, ${server(event.identity)}: ${event.reason}`;
    case 'option-chosen':
      return `Chose ${index.option(event.choice, event.option)}${event.instead === undefined ? '' : ` instead of ${index.optionTitle(event.choice, event.instead)}`}`;
    case 'input-given':
    case 'command-spawned':
    case 'guard-confirmed':
    case 'command-started':
      return undefined;
    case 'block-reread':
      return `Read the block at line ${event.line} as ${event.role} instead of ${event.was}`;
    case 'remedy-taken':
      return `Took up what helps against “${event.title}” (line ${event.line})`;
    case 'step-entered':
      return `Step ${index.stepTitle(event.step)}`;
    case 'guard-refused':
      return `Not allowed to run ${index.name(event.command)}: ${event.reason}`;
    case 'guard-overridden':
      return `Overrode a guard for ${index.name(event.command)} (${event.refusal}): ${event.reason}`;
    case 'command-finished':
      return `${index.name(event.command)}: ${verdict(event)}`;
    case 'command-interrupted':
      return `${index.name(event.command)}: interrupted, outcome unknown${event.alive ? `; its process ${event.pid ?? ''} was still running` : ''}`;
    case 'command-settled':
      return `${index.name(event.command)}: found to have ${event.as}: ${event.note}`;
    case 'command-edited':
      return `Edited ${index.name(event.command)} to ${firstLine(event.text)}`;
    case 'command-done-by-hand':
      return `${index.name(event.command)}: done by hand: ${event.note}`;
    case 'stop-requested':
      return `Sent ${event.signal} to ${index.name(event.command)}`;
    case 'background-signalled':
      return `Sent ${event.signal} to the background process ${event.pid}`;
    case 'background-settled':
      return `Background process ${event.pid}: ${backgroundEnd(event)}`;
    case 'manual-done':
      return `Done: ${index.name(event.part)}${aside(event.note, event.unattended)}`;
    case 'check-answered':
      return `${answered(event.answer)}: ${index.name(event.part)}${aside(event.note, event.unattended)}`;
    case 'criterion-judged':
      return `${judged(event.verdict)}: ${index.name(event.part)}${aside(event.measured, false)}`;
    case 'part-skipped':
      return `Skipped ${index.name(event.part)}: ${event.reason}`;
    case 'step-skipped':
      return `Skipped step ${index.stepTitle(event.step)}: ${event.reason}`;
    case 'file-saved':
      return `Saved ${event.path} (${spokenBytes(event.bytes)})`;
    case 'note-added':
      return `Note: ${event.text}`;
    case 'backup-reported':
      return `Backup ${event.backup.name} ${event.backup.action}${event.backup.bytes === undefined ? '' : ` (${spokenBytes(event.backup.bytes)})`}`;
    case 'comparison-reported': {
      const { left, right, equal, differences } = event.comparison;
      return equal
        ? `${left} and ${right} are equal`
        : `${left} and ${right} differ: ${firstLine(differences.join('; ') || 'see the output')}`;
    }
    case 'shell-opened':
      return 'Opened a shell';
    case 'shell-closed':
      return `Closed the shell after ${spoken(event.durationMs / 1000)}`;
    case 'question-answered':
    case 'training':
      return undefined;
    case 'run-stopped':
      return `Run stopped: ${event.reason}`;
    case 'handed-over':
      return `Handed over to ${event.to}${event.note ? `: ${event.note}` : ''}`;
    case 'run-taken-over':
      return `Taken over on ${event.host} from ${event.from} on ${event.lost}, which had not handed it over: ${event.reason} (${connectionWords[event.connection]})`;
    case 'run-finished':
      return `Run finished: ${event.outcome}${event.reason ? ` (${event.reason})` : ''}`;
    default:
      event satisfies never;
      return undefined;
  }
}

const connectionWords = {
  gone: 'its connection to the server was gone',
  ended: 'its connection to the server was ended',
  'not-seen': 'whether it was still connected could not be seen',
} as const;

function backgroundEnd({ as, note }: Extract<RunEvent, { type: 'background-settled' }>): string {
  switch (as) {
    case 'ended':
      return 'ended by itself';
    case 'stopped':
      return 'stopped';
    case 'left':
      return `left running, knowingly${note ? `: ${note}` : ''}`;
  }
}

/** `PostgreSQL 16.4 at db:5432, database members, system 74…, primary`. */
export function server(identity: Identity): string {
  return [
    `version ${identity.version} at ${identity.address}`,
    `database ${identity.database}${identity.exists ? '' : ' (not there)'}`,
    ...(identity.system === undefined ? [] : [`system identifier ${identity.system}`]),
    identity.replica ? 'replica' : 'primary',
  ].join(', ');
}

/** How a command ended: `exit code 0`, `SIGTERM`, `not started: …`. */
export function exitWords(exit: Exit): string {
  switch (exit.kind) {
    case 'code':
      return `exit code ${exit.code}`;
    case 'signal':
      return `ended by ${exit.signal}`;
    case 'not-started':
      return `not started: ${exit.error}`;
  }
}

function verdict(event: Extract<Recorded, { type: 'command-finished' }>): string {
  const after = ` after ${spoken(event.durationMs / 1000)}`;
  const why = event.reason ? `; ${event.reason}` : '';
  switch (event.verdict) {
    case 'succeeded':
      return `succeeded${after}${why}`;
    case 'failed':
      return `failed${after} (${exitWords(event.exit)}${why})`;
    case 'hidden-failure':
      return `failed inside a pipeline that ended well${after} (${(event.pipeStatus ?? []).join(' | ')}${why})`;
    case 'stopped':
      return `stopped by the operator${after}${why}`;
    case 'timed-out':
      return `ran out of time${after}${why}`;
  }
}

function answered(answer: 'ticked' | 'refused' | 'not-applicable'): string {
  switch (answer) {
    case 'ticked':
      return 'Checked';
    case 'refused':
      return 'Does not hold';
    case 'not-applicable':
      return 'Not applicable';
  }
}

function judged(verdict: 'met' | 'missed' | 'not-judged'): string {
  switch (verdict) {
    case 'met':
      return 'Criterion met';
    case 'missed':
      return 'Criterion missed';
    case 'not-judged':
      return 'Criterion not judged';
  }
}

function aside(note: string | undefined, unattended: boolean | undefined): string {
  return `${note ? ` (${note})` : ''}${unattended ? ' (unattended)' : ''}`;
}

/** What a part is called: its caption, its text, or the first line of its command. */
export function partName(part: Part): string {
  switch (part.kind) {
    case 'command':
      return part.caption ? firstLine(part.caption) : firstLine(part.text);
    case 'manual':
    case 'check':
    case 'criterion':
      return firstLine(part.text);
    case 'file':
      return part.name;
    case 'choice':
      return part.title;
    case 'prose':
    case 'sample':
      return '';
  }
}

/** `2 Safety backup`, as the author numbered it. */
export function stepName(step: Step): string {
  return step.number ? `${step.number} ${step.title}` : step.title;
}
