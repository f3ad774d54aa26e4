import { z } from 'zod';
import { effectClasses } from '../effects/effect.ts';
import type { RunEvent } from '../run/event.ts';
import { modes } from '../run/mode.ts';
import { environments } from '../run/target.ts';
import type { Part } from '../runbook/part.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { areParts, isProcedure } from './procedure-schema.ts';

/*
 * The shape of every event, as `run/event.ts` types it: what does not fit is refused before it is written and
 * named when it is read, so that neither a fault of ours nor a damaged file reaches the fold. Fields that are not
 * known here stay in the file and in the value. The last lines hold this file and the types together.
 */

const text = z.string();
const count = z.number();
const effect = z.enum(effectClasses);
const optionalText = text.optional();
const attempt = { command: text, attempt: count };
const blockRole = z.enum(['commands', 'sample', 'file', 'code', 'log', 'template']);

const identity = z.object({
  system: optionalText,
  address: text,
  database: text,
  exists: z.boolean(),
  replica: z.boolean(),
  version: text,
});

const target = z.object({
  name: text,
  environment: z.enum(environments),
  engine: z.enum(['postgres', 'sqlite']),
  database: text,
  address: text,
  tags: z.array(text),
  health: optionalText,
  objectives: z.object({ rto: count.optional(), rpo: count.optional() }),
});

const output = z.object({
  file: text,
  bytes: count,
  sha256: text,
  stderrBytes: count.optional(),
  tail: text,
});

const ended = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('code'), code: count }),
  z.object({ kind: z.literal('signal'), signal: text }),
  z.object({ kind: z.literal('not-started'), error: text }),
]);

const backup = z.object({
  action: z.enum(['created', 'verified', 'restored']),
  name: text,
  kind: optionalText,
  location: text,
  bytes: count.optional(),
  sha256: optionalText,
  durationMs: count.optional(),
  verified: z.boolean().optional(),
  takenAt: optionalText,
  seen: z.literal(true).optional(),
  database: optionalText,
});

const comparison = z.object({ left: text, right: text, equal: z.boolean(), differences: z.array(text) });

const trainingFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), training: text, scenario: text, title: text, version: text }),
  z.object({ kind: z.literal('looked') }),
  z.object({
    kind: z.literal('answered'),
    question: text,
    text,
    answer: text,
    right: z.boolean(),
    consequence: text,
    command: optionalText,
  }),
  z.object({ kind: z.literal('hint-taken'), level: count, text }),
  z.object({
    kind: z.literal('procedure-chosen'),
    runbook: text,
    procedure: text,
    title: text,
    fit: z.enum(['best', 'right', 'wrong']),
  }),
  z.object({ kind: z.literal('run-begun'), run: text }),
  z.object({ kind: z.literal('brought-back') }),
  z.object({ kind: z.literal('checked'), checks: z.array(z.object({ text, holds: z.boolean() })) }),
  z.object({ kind: z.literal('finished'), outcome: z.enum(['solved', 'given-up', 'left']) }),
]);

function fact<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), ...shape });
}

const background = z.array(z.object({ pid: count, birth: optionalText, command: text })).optional();

const eventSchema = z.discriminatedUnion('type', [
  fact('run-started', {
    schema: z.literal(1),
    run: text,
    mode: z.enum(modes),
    target: target.optional(),
    runbook: z.object({
      path: text,
      title: text,
      sha256: text,
      maskedCopy: optionalText,
      severity: optionalText,
      contacts: z.array(z.object({ role: text, reach: text })),
    }),
    procedure: z.custom<Procedure>(isProcedure, 'not a compiled procedure'),
    host: text,
    version: text,
  }),
  fact('run-resumed', { host: text, version: text, tornBytes: count, withheld: z.array(text).optional() }),
  fact('runbook-checked', { same: z.boolean(), hash: optionalText, accepted: optionalText }),
  fact('identity-read', { identity }),
  fact('identity-failed', { reason: text }),
  fact('identity-accepted', { identity, reason: text }),
  fact('option-chosen', { choice: text, option: text, instead: optionalText }),
  fact('input-given', {
    name: text,
    value: optionalText,
    secret: z.boolean(),
    source: z.enum(['target', 'environment', 'flag', 'operator', 'backup', 'default']),
    points: z.object({ address: text, database: text }).optional(),
  }),
  fact('step-entered', { step: text }),
  fact('block-reread', { block: text, role: blockRole, was: blockRole, line: count, reason: text }),
  fact('remedy-taken', {
    title: text,
    line: count,
    step: text,
    before: optionalText,
    parts: z.custom<readonly Part[]>(areParts, 'not parts of a step'),
  }),
  fact('guard-confirmed', {
    command: text,
    effect,
    by: z.enum(['enter', 'phrase', 'flag']),
    phrase: optionalText,
    cautions: z.array(text).optional(),
  }),
  fact('guard-refused', { command: text, effect, reason: text }),
  fact('guard-overridden', { command: text, effect, refusal: text, reason: text }),
  fact('command-started', { ...attempt, text, effect, interactive: z.boolean(), output: text }),
  fact('command-spawned', { ...attempt, pid: count, birth: optionalText }),
  fact('command-finished', {
    ...attempt,
    exit: ended,
    durationMs: count,
    verdict: z.enum(['succeeded', 'failed', 'hidden-failure', 'stopped', 'timed-out']),
    reason: optionalText,
    output,
    changed: z.array(text),
    stateChanges: z.array(text).optional(),
    pipeStatus: z.array(count).optional(),
    silentMs: count.optional(),
    needsTerminal: z.literal(true).optional(),
    background,
  }),
  fact('command-interrupted', { ...attempt, alive: z.boolean(), pid: count.optional(), background }),
  fact('command-settled', { ...attempt, as: z.enum(['succeeded', 'failed']), note: text }),
  fact('command-edited', { command: text, text }),
  fact('command-done-by-hand', { command: text, note: text }),
  fact('stop-requested', { command: text, signal: text }),
  fact('background-signalled', { pid: count, signal: z.enum(['SIGTERM', 'SIGKILL']) }),
  fact('background-settled', {
    pid: count,
    as: z.enum(['ended', 'stopped', 'left']),
    note: optionalText,
  }),
  fact('manual-done', { part: text, note: optionalText, unattended: z.boolean().optional() }),
  fact('check-answered', {
    part: text,
    answer: z.enum(['ticked', 'refused', 'not-applicable']),
    note: optionalText,
    unattended: z.boolean().optional(),
  }),
  fact('criterion-judged', {
    part: text,
    verdict: z.enum(['met', 'missed', 'not-judged']),
    by: z.enum(['measured', 'asked']),
    measured: optionalText,
  }),
  fact('part-skipped', { part: text, reason: text }),
  fact('step-skipped', { step: text, reason: text }),
  fact('file-saved', { part: text, path: text, bytes: count, sha256: text }),
  fact('note-added', { text, step: optionalText }),
  fact('backup-reported', { backup }),
  fact('comparison-reported', { comparison }),
  fact('shell-opened', {}),
  fact('shell-closed', { durationMs: count }),
  fact('question-answered', { question: text, answer: text }),
  fact('run-stopped', { reason: text }),
  fact('handed-over', { to: text, note: optionalText }),
  fact('run-taken-over', {
    from: text,
    lost: text,
    host: text,
    reason: text,
    connection: z.enum(['gone', 'ended', 'not-seen']),
  }),
  fact('run-finished', { outcome: z.enum(['passed', 'failed', 'abandoned']), reason: optionalText }),
  fact('training', { fact: trainingFact }),
]);

const known: ReadonlySet<string> = new Set(eventSchema.options.map((option) => option.shape.type.value));

/** Whether this version of Drillbook knows events of that type. */
export function isKnownType(type: string): type is RunEvent['type'] {
  return known.has(type);
}

/** Whether a journal may begin with an event of that type: the start of a run, or a fact of a training. */
export function opensJournal(type: string): boolean {
  return type === 'run-started' || type === 'training';
}

/** What is wrong with a value as an event, in words; undefined where nothing is. */
export function eventFault(value: unknown): string | undefined {
  const result = eventSchema.safeParse(value);
  if (result.success) return undefined;
  const issue = result.error.issues[0];
  if (!issue) return 'not an event';
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}

// An event type that stands in only one of the two files does not compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Schema = z.infer<typeof eventSchema>;
true satisfies Same<Schema['type'], RunEvent['type']>;
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
true satisfies Same<Frozen<Schema>, Frozen<RunEvent>>;
