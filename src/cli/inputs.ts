import { pointsOf } from '../run/elsewhere.ts';
import type { InputSource } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import { targetOptions } from '../run/preselect.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { type Question, questions } from '../runbook/questions.ts';
import { holdsPassword } from '../settings/reference.ts';
import type { ReadyTarget } from '../settings/targets.ts';
import { type StoredBackup, storedBackups } from './stored-backups.ts';

export type Asked = Question;

export interface Suggestion {
  readonly value: string;
  readonly secret: boolean;
  readonly source: InputSource;
}

/** What a run on that target asks for, in the order of first use, each name once; ways that the target rules out ask nothing. */
export function askedOf(procedure: Procedure, ready: ReadyTarget | undefined): readonly Asked[] {
  const all = questions(procedure, targetOptions(procedure, ready?.target));
  return all.filter((asked, index) => all.findIndex((other) => other.name === asked.name) === index);
}

/** The value that would be taken unasked: the target's, a backup of its store, the environment's, the runbook's default. */
export async function suggestionFor(
  asked: Asked,
  ready: ReadyTarget | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Suggestion | undefined> {
  const fromTarget = ready?.values[asked.name];
  if (fromTarget) return { ...fromTarget, source: 'target' };
  if (asked.kind === 'variable' && /BACKUP/.test(asked.name) && asked.value === 'file') {
    const [newest] = await backupsOf(ready);
    if (newest) return { value: newest.path, secret: false, source: 'backup' };
  }
  const fromEnvironment = asked.kind === 'variable' ? environment[asked.name] : undefined;
  if (fromEnvironment)
    return { value: fromEnvironment, secret: isSecret(asked, fromEnvironment), source: 'environment' };
  if (asked.kind === 'variable' && asked.fallback !== undefined)
    return { value: asked.fallback, secret: false, source: 'default' };
  return undefined;
}

/** A value that must not be shown: of a secret kind, or a URL with a password in it. */
export function isSecret(asked: Asked, value: string): boolean {
  return asked.value === 'secret' || holdsPassword(value);
}

/** The backups of the target's store, the best to restore first; none where it has no store. */
export async function backupsOf(ready: ReadyTarget | undefined): Promise<readonly StoredBackup[]> {
  const folder = ready?.values.BACKUP_DIR?.value;
  return folder ? storedBackups(folder) : [];
}

/** The intent that gives a value to a run; a connection URL also says where it points. */
export function giveIntent(
  name: string,
  { value, secret, source }: Suggestion,
): Extract<Intent, { type: 'give' }> {
  const points = pointsOf(value);
  return { type: 'give', name, value, secret, source, ...(points ? { points } : {}) };
}
