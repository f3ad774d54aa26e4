import { type EffectClass, effectClasses, type Reading } from '../effects/effect.ts';
import { readEffects } from '../effects/read.ts';
import type { Command } from '../runbook/part.ts';
import { type KnownValues, knownValues } from './known-values.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { RunState } from './state.ts';

/** Whether a path is there; undefined where nobody has looked. */
type Exists = (path: string) => boolean | undefined;

/** A command of a run as it stands now (edited, filled in), with what it would do. */
export function readCommand(
  state: RunState,
  command: Command,
  exists: Exists = (path) => state.paths?.[command.id]?.[path],
): { readonly prepared: Prepared; readonly reading: Reading } {
  const prepared = prepare(state, command);
  const reading = readPrepared(prepared, { ...knownValues(state), exists });
  const hinted = command.hints.effect;
  // A hint may make a command more dangerous, never less: the runbook's author is not the one who answers.
  if (!hinted || rank(hinted) <= rank(reading.class)) return { prepared, reading };
  const effect = { class: hinted, reason: 'as the runbook says', start: 0, end: prepared.shown.length };
  return { prepared, reading: { ...reading, class: hinted, effects: [...reading.effects, effect] } };
}

/**
 * Paths that what a command would do depends on and that are not among `seen`: which files it would overwrite. With an
 * answer to them there may be others, so ask until there are none. A relative one counts from where the shell stands.
 */
export function unseenPaths(
  state: RunState,
  command: Command,
  seen: Readonly<Record<string, boolean>>,
): readonly string[] {
  const unseen = new Set<string>();
  readCommand(state, command, (path) => {
    if (!Object.hasOwn(seen, path)) unseen.add(path);
    return Object.hasOwn(seen, path) ? seen[path] : undefined;
  });
  return [...unseen];
}

/** A batch of SQL is read as SQL, so that places fit what is shown; where it goes, its psql command says. */
function readPrepared(
  { shown, text, language }: Prepared,
  { values, functions, startings, exists }: KnownValues & { readonly exists: Exists },
): Reading {
  const context = { variables: values, functions, startings, exists };
  const reading = readEffects(shown, language, context);
  if (language === 'shell') return reading;
  const { connections } = readEffects(text, 'shell', context);
  const effects = reading.effects.map((effect) =>
    effect.hits?.kind === 'path' ? effect : { ...effect, connected: true },
  );
  return { ...reading, effects, connections };
}

function rank(effect: EffectClass): number {
  return effectClasses.indexOf(effect);
}
