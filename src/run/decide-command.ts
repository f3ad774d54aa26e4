import type { Effect, Reading, Thing } from '../effects/effect.ts';
import type { Command } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { refused } from './answer.ts';
import type { Asked } from './decide.ts';
import type { Accepted, Decision, Guarded, Refused } from './decision.ts';
import { elsewhere, otherServers } from './elsewhere.ts';
import type { RunEvent, SeenPaths } from './event.ts';
import { type Guard, guardFor } from './guard.ts';
import type { Confirmation, Intent } from './intent.ts';
import type { Prepared } from './prepare.ts';
import { readCommand } from './read.ts';
import { safetyBackup, safetyBackupFault } from './safety-backup.ts';
import type { RunState } from './state.ts';
import { identityDifference } from './target.ts';

type RunIntent = Extract<Intent, { type: 'run' }>;

/**
 * Whether a command may run now, and what must be asked first. In this order: is it whole (inputs), what would
 * it do, what does the table of guards want, is there a way back (safety backup), was it confirmed in the right
 * words, and is the server still the one that the run began with.
 */
export function decideCommand(
  state: RunState,
  step: Step,
  command: Command,
  intent: RunIntent,
  asked: Asked,
): Decision {
  const { prepared, reading } = readCommand(state, command);
  if (prepared.missing.length > 0)
    return refused(
      `the command needs a value for ${prepared.missing.join(', ')}`,
      `give the values, then run it${earlierWords(state, prepared.missing)}`,
      {
        needsPerson: true,
      },
    );
  if (prepared.problem) return refused(prepared.problem, 'edit the command', { needsPerson: true });
  if (state.runbookChanged)
    return refused(
      'the runbook is no longer what this run started with',
      'look at what changed and accept it with a reason, or start a new run',
      { needsPerson: true },
    );

  const guard = guardOf(state, step, reading);
  if (guard.kind === 'refuse')
    return stopped(state, command, reading, refused(guard.reason, guard.next, { needsPerson: true }));
  if (guard.kind === 'run') return begin(state, command, prepared, reading, intent, []);

  const overriding = intent.confirmation?.by === 'override' ? intent.confirmation : undefined;
  if (overriding && overriding.reason.trim() === '')
    return refused('an override wants a reason', 'say why', { again: true });
  const missingBackup = missingSafetyBackup(state, guard);
  if (missingBackup && !overriding) return stopped(state, command, reading, missingBackup);

  const strays = elsewhere(state, reading);
  const question: Guarded = {
    kind: 'guarded',
    command: command.id,
    guard,
    reading,
    cautions: [...strays, ...outsideSandbox(state, guard, strays)],
  };
  if (!intent.confirmation) return question;
  const unfit = unfitConfirmation(guard, intent.confirmation);
  if (unfit) return stopped(state, command, reading, unfit);

  const changedServer = checkIdentity(state, asked);
  if (changedServer)
    return changedServer.kind === 'refused' ? stopped(state, command, reading, changedServer) : changedServer;
  return begin(state, command, prepared, reading, intent, [
    ...(overriding && missingBackup
      ? [overridden(command, reading, missingBackup.reason, overriding.reason)]
      : []),
    { ...confirmed(command, reading, intent.confirmation, question.cautions), ...seenPaths(state, command) },
  ]);
}

/** Where the runbook itself has the values: in a section that this run has not gone through. */
function earlierWords(state: RunState, missing: readonly string[]): string {
  const found = state.started.procedure.variables.flatMap(({ name, earlier }) =>
    earlier && missing.includes(name)
      ? [`${name} is set at line ${earlier.range.line} by an earlier section: ${earlier.text}`]
      : [],
  );
  return found.length > 0 ? ` (${found.join('; ')})` : '';
}

/** The guard of a command of this run, as `guardFor` has it. Of several effects the strictest decides, and all are named. */
export function guardOf(state: RunState, step: Step, reading: Reading): Guard {
  const { target, mode } = state.started;
  const [server] = otherServers(state, reading);
  const strays = elsewhere(state, reading).length > 0;
  const destroying = reading.effects.filter((effect) => effect.class === 'destroys');
  // What happens at the target's own server is the target's; a bare look at its words could not tell that.
  const isTargets = (effect: Effect) =>
    target !== undefined && !strays && effect.connected === true && !standsOutside(effect.hits);
  const others = destroying
    .filter((effect) => !isTargets(effect))
    .map((effect) => effect.hits?.name || effect.reason);
  const names = [...(destroying.some(isTargets) && target ? [target.database] : []), ...others];
  // Files of this machine that are written anew are in no backup of a database server.
  const onlyFiles =
    target?.engine === 'postgres' &&
    destroying.length > 0 &&
    destroying.every(({ hits }) => hits?.replaced === true && !/postgres|pgsql|pgdata/i.test(hits.name));
  return guardFor({
    effect: reading.class,
    environment: target?.environment,
    mode,
    database: target?.database,
    restoring: isPartOfRestore(step),
    thing: others.length > 0 ? [...new Set(names)].join(' and ') : undefined,
    elsewhere: server,
    onlyFiles,
  });
}

/** Why a phrase is wanted on a target where nothing else wants one: for what is not said to lie on another server. */
function outsideSandbox(state: RunState, guard: Guard, elsewhere: readonly string[]): readonly string[] {
  const { target } = state.started;
  return target?.environment === 'sandbox' && guard.kind === 'phrase' && elsewhere.length === 0
    ? ['this is not in the sandbox: it is guarded like anything else of this machine']
    : [];
}

/** A file, a bucket or a machine is not the database that a restore replaces: its own name is to be typed. */
function standsOutside(hit: Thing | undefined): boolean {
  switch (hit?.kind) {
    case 'path':
    case 'bucket':
    case 'service':
    case 'host':
    case 'container':
    case 'cluster':
      return true;
    case 'database':
    case 'sessions':
    case 'other':
    case undefined:
      return false;
  }
}

/** From the disconnecting of sessions to maintenance mode off, in a procedure that restores something. */
function isPartOfRestore(step: Step): boolean {
  switch (step.phase) {
    case 'maintenance-on':
    case 'disconnect':
    case 'restore':
    case 'verify':
    case 'maintenance-off':
      return true;
    case 'pre-check':
    case 'safety-backup':
    case 'follow-up':
    case undefined:
      return false;
  }
}

function missingSafetyBackup(state: RunState, guard: Guard): Refused | undefined {
  if (guard.kind !== 'phrase' || !guard.needsSafetyBackup) return undefined;
  const fault = safetyBackupFault(state);
  const why = fault === undefined ? '' : ` (${fault})`;
  switch (safetyBackup(state)) {
    case 'verified':
      return undefined;
    case 'unverified':
      return refused(
        `the safety backup of this run is not verified${why}`,
        'verify it by reading it to its end',
        {
          overridable: true,
          needsPerson: true,
        },
      );
    case 'none':
      return refused(
        `this run has no safety backup yet${why}`,
        'make one and verify it before anything is destroyed',
        {
          overridable: true,
          needsPerson: true,
        },
      );
  }
}

function unfitConfirmation(guard: Guarded['guard'], confirmation: Confirmation): Refused | undefined {
  if (guard.kind === 'enter') return undefined;
  if ('phrase' in confirmation && confirmation.phrase === guard.phrase) return undefined;
  return refused('that is not the phrase', `type exactly: ${guard.phrase}`, {
    again: true,
    needsPerson: true,
  });
}

/** Asks for a fresh answer first; refuses where the server does not answer or is another one. */
function checkIdentity(state: RunState, { serverAsked }: Asked): Accepted | Refused | undefined {
  const { target } = state.started;
  if (target?.engine !== 'postgres') return undefined;
  const last = state.lastIdentity;
  if (!serverAsked || !last) return { kind: 'accepted', events: [], action: { kind: 'identify' } };
  if (!last.identity)
    return refused(
      `the server cannot be asked who it is: ${last.failure ?? 'no answer'}`,
      'check the connection to the target, then try again',
      { needsPerson: true },
    );
  const difference = state.identity && identityDifference(state.identity, last.identity);
  if (!difference) return undefined;
  return refused(
    `this is not the server that the run began with: ${difference}`,
    'find out why; if it is the right one after all, accept it with a reason',
    {
      needsPerson: true,
    },
  );
}

function begin(
  state: RunState,
  command: Command,
  prepared: Prepared,
  reading: Reading,
  intent: RunIntent,
  guards: readonly RunEvent[],
): Accepted {
  const attempt = (state.parts[command.id]?.attempts.length ?? 0) + 1;
  const started = Object.values(state.parts).reduce((sum, part) => sum + part.attempts.length, 0);
  const output = `${String(started + 1).padStart(3, '0')}.log`;
  const interactive = intent.interactive ?? command.hints.interactive ?? reading.interactive;
  const { cwd, expect, silence, timeout } = command.hints;
  return {
    kind: 'accepted',
    events: [
      ...guards,
      {
        type: 'command-started',
        command: command.id,
        attempt,
        text: prepared.text,
        effect: reading.class,
        interactive,
        output,
        ...seenPaths(state, command),
      },
    ],
    action: {
      kind: 'execute',
      command: command.id,
      attempt,
      text: prepared.text,
      interactive,
      output,
      ...(cwd ? { cwd } : {}),
      ...(expect ? { expect } : {}),
      ...(timeout ? { timeoutMs: timeout } : {}),
      ...(silence ? { silenceMs: silence } : {}),
    },
  };
}

/** A refusal that the journal keeps: a guard stopped somebody. */
function stopped(state: RunState, command: Command, reading: Reading, refusal: Refused): Refused {
  const { reason } = refusal;
  const event: RunEvent = { type: 'guard-refused', command: command.id, effect: reading.class, reason };
  return { ...refusal, events: [{ ...event, ...seenPaths(state, command) }] };
}

function seenPaths(state: RunState, { id }: Command): { readonly paths?: SeenPaths } {
  const paths = state.paths?.[id];
  return paths ? { paths } : {};
}

function confirmed(
  command: Command,
  reading: Reading,
  confirmation: Confirmation,
  cautions: readonly string[],
): RunEvent {
  const phrase = 'phrase' in confirmation && confirmation.phrase ? { phrase: confirmation.phrase } : {};
  const by = confirmation.by === 'override' ? (phrase.phrase ? 'phrase' : 'enter') : confirmation.by;
  return {
    type: 'guard-confirmed',
    command: command.id,
    effect: reading.class,
    by,
    ...phrase,
    ...(cautions.length > 0 ? { cautions } : {}),
  };
}

function overridden(command: Command, reading: Reading, refusal: string, reason: string): RunEvent {
  return { type: 'guard-overridden', command: command.id, effect: reading.class, refusal, reason };
}
