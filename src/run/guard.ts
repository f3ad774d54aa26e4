import type { EffectClass } from '../effects/effect.ts';
import type { Mode } from './mode.ts';
import type { Environment } from './target.ts';

/** What is asked before a command with an effect may run on a target in a mode. */
export type Guard =
  | { readonly kind: 'run' }
  | { readonly kind: 'enter'; readonly caution?: string }
  | { readonly kind: 'phrase'; readonly phrase: string; readonly needsSafetyBackup: boolean }
  | { readonly kind: 'refuse'; readonly reason: string; readonly next: string };

export interface GuardQuestion {
  readonly effect: EffectClass;
  /** None where the run has no target: guarded as production, because nobody said that it is not. */
  readonly environment: Environment | undefined;
  readonly mode: Mode;
  readonly database: string | undefined;
  /** The destroying command replaces the database's data as part of a restore. */
  readonly restoring: boolean;
  /** What a destroying command hits beside the target's databases: a path, a bucket, a machine. */
  readonly thing: string | undefined;
  /** Another server that the command goes to. Nobody has said what stands there, so it is guarded as production. */
  readonly elsewhere: string | undefined;
  /** All that is destroyed are files of this machine that the command writes anew: no backup of the target has them. */
  readonly onlyFiles?: boolean;
}

/**
 * The one table of guards: effect × environment × mode. Every front end asks here and nowhere else; there is no
 * argument that switches it off.
 */
export function guardFor(question: GuardQuestion): Guard {
  const guard =
    modeRefusal(question) ??
    trainingGuard(question) ??
    guardByEffect({ ...question, environment: environmentOf(question) });
  // A detour over another address may lead to the same server: production wants its way back whatever the command names.
  return guard.kind === 'phrase' && question.environment === 'production' && !question.onlyFiles
    ? { ...guard, needsSafetyBackup: true }
    : guard;
}

/** What stands outside the sandbox's databases is not the sandbox: it belongs to this machine at the least. */
function environmentOf(question: GuardQuestion): Environment | undefined {
  const { environment, elsewhere, effect, thing } = question;
  if (elsewhere !== undefined && effect !== 'reads') return undefined;
  // What the drill of last month left here, this month's writes anew.
  if (environment === 'sandbox' && question.onlyFiles) return environment;
  return environment === 'sandbox' && effect === 'destroys' && thing !== undefined ? 'local' : environment;
}

/** Why no run of a mode may begin on a target at all: known before anybody asks its server; undefined where it may. */
export function targetRefusal(
  mode: Mode,
  environment: Environment | undefined,
): { readonly reason: string; readonly next: string } | undefined {
  if (mode !== 'training' || environment === 'sandbox') return undefined;
  return {
    reason: `training runs on the sandbox only, and this target is ${environment ?? 'not named'}`,
    next: 'start the training with --target sandbox',
  };
}

function modeRefusal({ mode, environment, effect, elsewhere }: GuardQuestion): Guard | undefined {
  if ((mode === 'training' || mode === 'drill') && elsewhere !== undefined && effect !== 'reads')
    return {
      kind: 'refuse',
      reason: `the command goes to ${elsewhere}, and a ${mode} changes nothing but its target`,
      next: 'give the values of the target, or edit the command so that it goes there',
    };
  switch (mode) {
    case 'preview':
      return {
        kind: 'refuse',
        reason: 'a preview runs nothing',
        next: 'start the procedure as a drill or as an incident to run it',
      };
    case 'training': {
      const refusal = targetRefusal(mode, environment);
      return refusal && { kind: 'refuse', ...refusal };
    }
    case 'drill':
      if (effect === 'reads' || (environment !== 'production' && environment !== undefined)) return undefined;
      return {
        kind: 'refuse',
        reason: `a drill may only read on a ${environment ?? 'target that nobody named'}${environment ? ' target' : ''}`,
        next: 'choose a sandbox, local or staging target for the drill',
      };
    case 'incident':
      return undefined;
  }
}

/** A trainee says what will happen before a command runs of which nobody knows it, and a guard is where one is asked. */
function trainingGuard({ mode, effect }: GuardQuestion): Guard | undefined {
  if (mode !== 'training' || effect !== 'unknown') return undefined;
  return { kind: 'enter', caution: unknownCaution };
}

const unknownCaution = 'Drillbook does not know what this command does. Read it before you run it.';

function guardByEffect({ effect, environment, database, restoring, thing }: GuardQuestion): Guard {
  switch (effect) {
    case 'reads':
      return { kind: 'run' };
    case 'changes':
      return environment === 'sandbox' || environment === 'local' ? { kind: 'run' } : { kind: 'enter' };
    case 'unknown':
      if (environment === 'sandbox') return { kind: 'run' };
      return { kind: 'enter', caution: unknownCaution };
    case 'destroys':
      return destroyingGuard(environment, database, restoring, thing);
  }
}

function destroyingGuard(
  environment: Environment | undefined,
  database: string | undefined,
  restoring: boolean,
  thing: string | undefined,
): Guard {
  switch (environment) {
    case 'sandbox':
      return { kind: 'enter' };
    case 'local':
    case 'staging':
      return { kind: 'phrase', phrase: thing || database || 'DESTROY', needsSafetyBackup: false };
    case 'production':
    case undefined: {
      const phrase =
        restoring && database && thing === undefined
          ? `RESTORE ${database}`
          : `DESTROY ${thing || database || 'what this command hits'}`;
      return { kind: 'phrase', phrase, needsSafetyBackup: false };
    }
  }
}
