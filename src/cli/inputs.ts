import { isRemote } from '../backup/stores/address.ts';
import { pointsOf } from '../run/elsewhere.ts';
import type { InputSource } from '../run/event.ts';
import type { Intent } from '../run/intent.ts';
import { targetOptions } from '../run/preselect.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { type Question, questions } from '../runbook/questions.ts';
import { holdsPassword, resolveReference } from '../settings/reference.ts';
import type { ReadyTarget, TargetValue } from '../settings/targets.ts';
import { Refusal } from './exit.ts';
import { type StoredBackup, storedBackups } from './stored-backups.ts';

export type Asked = Question;

export interface Suggestion {
  readonly value: string;
  readonly secret: boolean;
  readonly source: InputSource;
}

export type NamedInput = Suggestion & { readonly name: string };

/** What a run on that target asks for, in the order of first use, each name once; ways that the target rules out ask nothing. */
export function askedOf(procedure: Procedure, ready: ReadyTarget | undefined): readonly Asked[] {
  const all = questions(procedure, targetOptions(procedure, ready?.target));
  return all.filter((asked, index) => all.findIndex((other) => other.name === asked.name) === index);
}

/**
 * What the target knows of the ways that it rules out: nothing is asked for them, but somebody who takes one all the
 * same finds its values there.
 */
export async function knownOffTheWay(
  procedure: Procedure,
  ready: ReadyTarget | undefined,
): Promise<readonly NamedInput[]> {
  if (!ready) return [];
  const asked = new Set(askedOf(procedure, ready).map((one) => one.name));
  return offTheWay(procedure, asked).flatMap((one) => {
    const value = targetValue(one, ready);
    return value ? [{ ...value, source: 'target' as const, name: one.name }] : [];
  });
}

function offTheWay(procedure: Procedure, asked: ReadonlySet<string>): readonly Asked[] {
  const all = questions(procedure).filter((one) => !asked.has(one.name));
  return all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index);
}

/** The value that would be taken unasked: the target's, a backup of its store, the environment's, the runbook's default. */
export async function suggestionFor(
  asked: Asked,
  ready: ReadyTarget | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Suggestion | undefined> {
  const fromTarget = ready && targetValue(asked, ready);
  if (fromTarget) return { ...fromTarget, source: 'target' };
  if (wantsBackup(asked)) {
    const [best] = await backupsOf(ready);
    if (best) return { value: best.path, secret: false, source: 'backup' };
  }
  const fromEnvironment = asked.kind === 'variable' ? environment[asked.name] : undefined;
  if (fromEnvironment)
    return { value: fromEnvironment, secret: isSecret(asked, fromEnvironment), source: 'environment' };
  // A default that the shell has to work out is left to it.
  if (asked.kind === 'variable' && asked.fallback !== undefined && !/[$`]/.test(asked.fallback))
    return { value: asked.fallback, secret: false, source: 'default' };
  return undefined;
}

/**
 * What an earlier section of the runbook sets, where that is plain text: to be shown to a person, never taken unasked.
 * Another section may mean another thing by the same name.
 */
export function earlierSuggestion(asked: Asked): Suggestion | undefined {
  const value = asked.kind === 'variable' ? asked.earlier?.value : undefined;
  return value === undefined || isSecret(asked, value)
    ? undefined
    : { value, secret: false, source: 'default' };
}

/** True for the name of a backup: a store has something to offer for it. */
export function wantsBackup(asked: Asked): boolean {
  return asked.value === 'file' && /backup|dump|\.sql/i.test(wordsOf(asked));
}

/** By name (`<service-name>` is SERVICE_NAME), else by what kind of thing of the target it must be. */
function targetValue(asked: Asked, { values, url }: ReadyTarget): TargetValue | undefined {
  const named = values[asked.name] ?? values[asked.name.toUpperCase().replace(/\W+/g, '_')];
  if (named) return named;
  const words = wordsOf(asked);
  switch (asked.value) {
    case 'url':
      if (!/postgres|database|\bdb\b|_db_|db_url|pg_?url/i.test(words)) return undefined;
      return /restore|scratch|staging/i.test(words) ? values.RESTORE_URL : values.DATABASE_URL;
    case 'database':
      return values.DATABASE_NAME;
    case 'directory':
      // A store elsewhere has no folder that a command could use.
      return /backup|dump|store/i.test(words) && !isRemote(values.BACKUP_DIR?.value ?? '')
        ? values.BACKUP_DIR
        : undefined;
    case 'host':
      // A host of its own name (the application's, a proxy's) is another one than the database's.
      return /^<?(db|database|postgres|pg)?[-_ ]?host(name)?>?$/i.test(words) ? part(url, 'host') : undefined;
    case 'port':
      return part(url, 'port');
    case 'user':
      return part(url, 'user');
    case 'bucket':
    case 'file':
    case 'identifier':
    case 'time':
    case 'secret':
    case 'text':
      return undefined;
  }
}

function wordsOf(asked: Asked): string {
  return asked.kind === 'placeholder' ? asked.text : asked.name;
}

function part(url: string, of: 'host' | 'port' | 'user'): TargetValue | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, username, searchParams } = new URL(url);
  const inside = {
    host: hostname,
    port: port || (hostname ? '5432' : ''),
    user: decodeURIComponent(username),
  }[of];
  const value = searchParams.get(of) ?? inside;
  return value ? { value, secret: false } : undefined;
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

/** The values of `--input NAME=VALUE`. Throws a `Refusal` for one that nobody asks for, or a secret in the clear. */
export async function inputsOfFlags(
  flags: readonly string[],
  asked: readonly Asked[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly NamedInput[]> {
  const given = new Map(flags.map(nameAndValue));
  const unknown = [...given.keys()].filter((name) => !asked.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Refusal(
      `the procedure does not ask for ${unknown.join(', ')}. It asks for: ${asked.map((one) => one.name).join(', ') || 'nothing'}`,
    );
  const inputs: NamedInput[] = [];
  for (const one of asked) {
    const flag = given.get(one.name);
    if (flag === undefined) continue;
    const resolved = await resolveReference(flag, environment);
    if ('problem' in resolved) throw new Refusal(`--input ${one.name}: ${resolved.problem}`);
    const secret = isSecret(one, resolved.value);
    if (secret && resolved.value === flag)
      throw new Refusal(
        `--input ${one.name} is a secret: give it as ${one.name}=env:VARIABLE, an argument can be seen by others`,
      );
    inputs.push({ name: one.name, value: resolved.value, secret, source: 'flag' });
  }
  return inputs;
}

function nameAndValue(flag: string): readonly [string, string] {
  const at = flag.indexOf('=');
  if (at <= 0) throw new Refusal(`--input wants NAME=VALUE, not ${flag}`);
  return [flag.slice(0, at), flag.slice(at + 1)];
}

/** The intent that gives a value to a run; a connection URL also says where it points. */
export function giveIntent(
  name: string,
  { value, secret, source }: Suggestion,
): Extract<Intent, { type: 'give' }> {
  const points = pointsOf(value);
  return { type: 'give', name, value, secret, source, ...(points ? { points } : {}) };
}
