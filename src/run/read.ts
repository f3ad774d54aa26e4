import { type EffectClass, effectClasses, type Reading } from '../effects/effect.ts';
import { readEffects } from '../effects/read.ts';
import type { Command } from '../runbook/part.ts';
import { type KnownValues, knownValues } from './known-values.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { RunState, SeenTexts } from './state.ts';

/** What was seen of the files that a command names; undefined where nobody has looked. */
interface Sight {
  readonly exists: (path: string) => boolean | undefined;
  readonly fileText: (path: string) => string | undefined;
}

/**
 * A command of a run as it stands now (edited, filled in), with what it would do: also by the files that it runs, where
 * they were read and something in them destroys.
 */
export function readCommand(
  state: RunState,
  command: Command,
): { readonly prepared: Prepared; readonly reading: Reading } {
  const prepared = prepare(state, command);
  const known = knownValues(state);
  const exists = (path: string) => state.paths?.[command.id]?.[path];
  const texts = state.texts?.[command.id];
  const shallow = readPrepared(prepared, { ...known, exists, fileText: () => undefined });
  const deep =
    texts && readPrepared(prepared, { ...known, exists, fileText: (path) => texts[path] ?? undefined });
  // A file may change before it is run: what was read in it makes a command more dangerous, never less.
  const reading = deep?.class === 'destroys' ? deep : shallow;
  const hinted = command.hints.effect;
  // A hint may make a command more dangerous, never less: the runbook's author is not the one who answers.
  if (!hinted || rank(hinted) <= rank(reading.class)) return { prepared, reading };
  const effect = { class: hinted, reason: 'as the runbook says', start: 0, end: prepared.shown.length };
  return { prepared, reading: { ...reading, class: hinted, effects: [...reading.effects, effect] } };
}

/** What somebody saw who looked: which paths are there, and what stands in files; null where that could not be read. */
export interface Seen {
  readonly paths: Readonly<Record<string, boolean>>;
  readonly texts: SeenTexts;
}

/**
 * Paths that what a command would do depends on and that are not among `seen`: files that it would overwrite, files
 * whose text it runs. With an answer to them there may be others, so ask until there are none. A relative one counts
 * from where the shell stands.
 */
export function unseen(
  state: RunState,
  command: Command,
  seen: Seen,
): { readonly paths: readonly string[]; readonly texts: readonly string[] } {
  const paths = new Set<string>();
  const texts = new Set<string>();
  readPrepared(prepare(state, command), {
    ...knownValues(state),
    exists: (path) => {
      if (!Object.hasOwn(seen.paths, path)) paths.add(path);
      return Object.hasOwn(seen.paths, path) ? seen.paths[path] : undefined;
    },
    fileText: (path) => {
      if (!Object.hasOwn(seen.texts, path)) texts.add(path);
      return (Object.hasOwn(seen.texts, path) ? seen.texts[path] : undefined) ?? undefined;
    },
  });
  return { paths: [...paths], texts: [...texts] };
}

/** A batch of SQL is read as SQL, so that places fit what is shown; where it goes, its psql command says. */
function readPrepared(
  { shown, text, language }: Prepared,
  { values, functions, startings, exists, fileText }: KnownValues & Sight,
): Reading {
  const context = { variables: values, functions, startings, exists, fileText };
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
