import type { PartStatus } from '../run/state.ts';
import { clock, spoken, spokenBytes } from './format.ts';
import { clean, code, fenced, inline } from './markdown-text.ts';
import type { EntryAttempt, EntryCommand, EntryPart, EntryStep } from './shape.ts';
import { exitWords } from './wording.ts';

/** Lines of output that an entry shows of an attempt; the whole of it is in the run's folder. */
const shownLines = 12;

/** Each step with its commands, their exit codes and the end of their output. */
export function markdownOfSteps(steps: readonly EntryStep[]): string {
  return steps.map(stepText).join('\n\n');
}

function stepText(step: EntryStep): string {
  const number = step.number ? `${inline(step.number)} ` : '';
  const untouched = step.parts.every((part) => part.status === 'open');
  const parts = untouched && step.status !== 'open' ? [] : step.parts.map(partText);
  const lines = [`### ${number}${inline(step.title)}`, stepFacts(step), ...parts];
  return lines.filter((text) => text !== '').join('\n\n');
}

function stepFacts(step: EntryStep): string {
  const facts = [
    ...(step.phase ? [`phase ${step.phase}`] : []),
    step.status === 'skipped' ? `**skipped**: ${inline(step.skipped ?? '')}` : stepStatus(step.status),
    ...(step.seconds === undefined ? [] : [`took ${spoken(step.seconds)}${expectation(step)}`]),
  ];
  return facts.join(' · ');
}

function stepStatus(status: EntryStep['status']): string {
  return status === 'failed' ? '**failed**' : status.replace('-', ' ');
}

function expectation({ estimate, overEstimate }: EntryStep): string {
  if (!estimate) return '';
  const { min, max } = estimate;
  const range = min === max ? spoken(max) : `${spoken(min)} to ${spoken(max)}`;
  return ` (expected ${range}${overEstimate ? ': **longer than expected**' : ''})`;
}

function partText(part: EntryPart): string {
  if (part.kind === 'command') return commandText(part);
  const aside = [part.note && inline(part.note), part.unattended && 'unattended'].filter(Boolean).join(', ');
  return `- ${statusText(part.status)}: ${inline(part.text)}${aside ? ` (${aside})` : ''}`;
}

function statusText(status: PartStatus): string {
  switch (status) {
    case 'failed':
    case 'missed':
    case 'refused':
    case 'interrupted':
      return `**${status}**`;
    default:
      return status.replace('-', ' ');
  }
}

function commandText(command: EntryCommand): string {
  const title = command.caption ? inline(command.caption) : 'Command';
  const note = command.note ? `: ${inline(command.note)}` : '';
  const changed = command.edited !== undefined && command.attempts.length > 0;
  return [
    `${title} – ${statusText(command.status)}${note}`,
    ...(command.attempts.length === 0 ? [fenced(command.edited ?? command.text, 'sh')] : []),
    ...(changed ? [`Edited; the runbook has:\n\n${fenced(command.text, 'sh')}`] : []),
    ...command.attempts.map((attempt) => attemptText(attempt, command.attempts.length > 1)),
  ].join('\n\n');
}

function attemptText(attempt: EntryAttempt, several: boolean): string {
  const tail = tailOf(attempt);
  return [
    fenced(attempt.text, 'sh'),
    attemptFacts(attempt, several),
    ...(tail === '' ? [] : [fenced(tail, 'text')]),
  ].join('\n\n');
}

function attemptFacts(attempt: EntryAttempt, several: boolean): string {
  const { exit, verdict, reason, seconds, effect, interactive, interrupted, settled, output } = attempt;
  return [
    ...(several ? [`attempt ${attempt.attempt}`] : []),
    `started ${clock(attempt.startedAt)}`,
    ...(exit ? [inline(exitWords(exit))] : []),
    ...(verdict && verdict !== 'succeeded' ? [`**${verdict.replace('-', ' ')}**`] : []),
    ...(reason ? [inline(reason)] : []),
    ...(seconds === undefined ? [] : [spoken(seconds)]),
    `effect: ${effect}`,
    ...(interactive ? ['interactive'] : []),
    ...attempt.confirmed.map(confirmation),
    ...attempt.stopped.map((signal) => `sent ${inline(signal)}`),
    ...(interrupted ? ['**interrupted, outcome unknown**'] : []),
    ...(settled ? [`found to have ${settled.as}: ${inline(settled.note)}`] : []),
    ...(output && output.bytes > 0 ? [`output ${code(output.file)} (${spokenBytes(output.bytes)})`] : []),
  ].join(' · ');
}

function confirmation({ by, phrase, reason }: EntryAttempt['confirmed'][number]): string {
  if (by === 'override') return `**guard overridden**: ${inline(reason ?? '')}`;
  return phrase ? `confirmed by typing ${code(phrase)}` : `confirmed (${by})`;
}

function tailOf({ tail }: EntryAttempt): string {
  const lines = clean(tail ?? '')
    .trimEnd()
    .split('\n');
  return lines.length > shownLines ? ['…', ...lines.slice(-shownLines)].join('\n') : lines.join('\n');
}
