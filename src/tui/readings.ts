import type { Reading } from '../effects/effect.ts';
import { type KnownValues, knownValues } from '../run/known-values.ts';
import { plannedParts } from '../run/plan.ts';
import type { Prepared } from '../run/prepare.ts';
import { readCommand } from '../run/read.ts';
import type { RunState, SeenTexts } from '../run/state.ts';
import type { Command } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';

type Read = { readonly prepared: Prepared; readonly reading: Reading };

/**
 * Readings of a run's commands, kept until the command's text changes, what is known of the run's variables and
 * functions, whether the files that it writes are there, or which secrets are to be given again: reading parses, drawing
 * must not.
 */
export class Readings {
  #known: string | undefined;
  #source: KnownValues | undefined;
  readonly #kept = new Map<
    string,
    { readonly basis: string | undefined; readonly texts: SeenTexts | undefined; readonly read: Read }
  >();

  of(state: RunState, command: Command): Read {
    const now = knownValues(state);
    if (this.#source !== now) {
      const known = JSON.stringify([now.values, [...now.unknown], now.functions]);
      if (this.#known !== known) this.#kept.clear();
      this.#known = known;
      this.#source = now;
    }
    const paths = state.paths?.[command.id];
    const texts = state.texts?.[command.id];
    const edited = state.parts[command.id]?.edited;
    const lost = Object.keys(state.inputs).filter((name) => state.inputs[name]?.lost);
    const basis = paths || lost.length > 0 ? JSON.stringify([edited, paths, lost]) : edited;
    const kept = this.#kept.get(command.id);
    if (kept && kept.basis === basis && kept.texts === texts) return kept.read;
    const read = readCommand(state, command);
    this.#kept.set(command.id, { basis, texts, read });
    return read;
  }

  /** Whether a step has a command that would destroy something. */
  destroys(state: RunState, step: Step): boolean {
    return plannedParts(step.parts, state.options).some(
      (part) => part.kind === 'command' && !part.offered && this.of(state, part).reading.class === 'destroys',
    );
  }
}
