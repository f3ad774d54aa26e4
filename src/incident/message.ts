import { hashLine, headOf } from '../journal/line.ts';
import type { Recorded } from '../run/event.ts';
import type { MomentKind } from '../settings/sink-settings.ts';
import { entryOf } from './entry.ts';
import { firstLine, spoken, utc } from './format.ts';
import { clean } from './markdown-text.ts';
import type { Entry } from './shape.ts';
import type { Message } from './sinks/sink.ts';

/** Which moment an event makes, if any: what a team wants to hear of while it happens. */
export function momentOf(event: Recorded): MomentKind | undefined {
  switch (event.type) {
    case 'run-started':
    case 'run-resumed':
      return 'start';
    case 'guard-confirmed':
    case 'guard-overridden':
      return event.effect === 'destroys' || event.type === 'guard-overridden' ? 'guard' : undefined;
    case 'run-finished':
    case 'run-stopped':
    case 'handed-over':
      return 'end';
    default:
      return undefined;
  }
}

/**
 * What a place is told when `event` has happened; `events` are all of the run's so far, as the journal has them. The
 * id is made from the run and the event, so that the same moment is told once, however often it is looked at.
 */
export function messageOf(
  event: Recorded,
  events: readonly Recorded[],
  folder: string,
  moment: MomentKind,
): Message {
  const upTo = events.filter(({ seq }) => seq <= event.seq);
  const entry = entryOf(upTo, new Date(event.time));
  return {
    id: hashLine(`${entry.run} ${moment} ${event.seq}`).slice(0, 32),
    moment,
    run: entry.run,
    folder,
    mode: entry.mode,
    title: clean(entry.title),
    ...(entry.target ? { target: entry.target.name } : {}),
    status: entry.outcome ?? entry.status,
    subject: clean(subjectOf(entry, event)),
    text: clean(textOf(entry, event)),
    head: headOf(events.at(-1)!),
    at: event.time,
  };
}

function subjectOf(entry: Entry, event: Recorded): string {
  const kind = `[${entry.mode.toUpperCase()}]`;
  const where = entry.target ? ` on ${entry.target.name} (${entry.target.environment})` : '';
  const what = `${kind} ${entry.title}${where}`;
  switch (event.type) {
    case 'run-started':
      return `${what}: begun by ${event.operator}`;
    case 'run-resumed':
      return `${what}: gone on with by ${event.operator}`;
    case 'guard-confirmed':
      return `${what}: ${event.operator} confirmed what destroys`;
    case 'guard-overridden':
      return `${what}: ${event.operator} overrode a guard`;
    case 'handed-over':
      return `${what}: handed over to ${event.to}`;
    case 'run-stopped':
      return `${what}: stopped by ${event.operator}`;
    default:
      return `${what}: ${entry.outcome ?? entry.status}`;
  }
}

function textOf(entry: Entry, event: Recorded): string {
  const { measured, reason, deviations, run, chain, target } = entry;
  const guarded = event.type === 'guard-confirmed' || event.type === 'guard-overridden';
  const step = entry.steps.findLast(({ enteredAt }) => enteredAt !== undefined);
  const facts = [
    ...(target ? [`Database ${target.database} at ${target.address}`] : []),
    ...(guarded ? [`Command: ${commandOf(entry, event.command)}`] : []),
    ...(event.type === 'guard-overridden' ? [`Although ${event.refusal}; reason: ${event.reason}`] : []),
    ...(step && momentOf(event) !== 'start'
      ? [`Step: ${step.number ? `${step.number} ` : ''}${step.title}`]
      : []),
    ...(momentOf(event) === 'end' && reason ? [`Reason: ${reason}`] : []),
  ];
  if (momentOf(event) === 'end') {
    facts.push(`Took ${spoken(measured.duration)}, from ${utc(entry.startedAt)}`);
    if (measured.downtime) facts.push(`Downtime ${spoken(measured.downtime.seconds)}`);
    if (measured.rto)
      facts.push(`Recovery time (RTO) ${spoken(measured.rto.seconds)}${against(measured.rto)}`);
    if (measured.rpo) facts.push(`Data loss (RPO) ${spoken(measured.rpo.seconds)}${against(measured.rpo)}`);
    if (deviations.length > 0) facts.push(`Deviations from the runbook: ${deviations.length}`);
  }
  return [...facts, `Run ${run}, journal line ${chain.seq}, head ${chain.hash}`].join('\n');
}

function against({ objective, met }: { objective?: number; met?: boolean }): string {
  return objective === undefined ? '' : ` (objective ${spoken(objective)}: ${met ? 'met' : 'missed'})`;
}

function commandOf(entry: Entry, id: string): string {
  const found = entry.steps
    .flatMap(({ parts }) => parts)
    .find((part) => part.kind === 'command' && part.id === id);
  if (found?.kind !== 'command') return id;
  return firstLine(
    found.caption ? `${found.caption}: ${found.edited ?? found.text}` : (found.edited ?? found.text),
    200,
  );
}
