import type { Reading } from '../effects/effect.ts';
import { plannedParts } from '../run/plan.ts';
import type { Prepared } from '../run/prepare.ts';
import { readCommand } from '../run/read.ts';
import type { RunState } from '../run/state.ts';
import type { Command } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';

type Read = { readonly prepared: Prepared; readonly reading: Reading };

/** Readings of a run's commands, kept until the inputs or the command's text change: reading parses, drawing must not. */
export class Readings {
  #inputs: RunState['inputs'] | undefined;
  readonly #kept = new Map<string, { readonly edited: string | undefined; readonly read: Read }>();

  of(state: RunState, command: Command): Read {
    if (this.#inputs !== state.inputs) this.#kept.clear();
    this.#inputs = state.inputs;
    const edited = state.parts[command.id]?.edited;
    const kept = this.#kept.get(command.id);
    if (kept && kept.edited === edited) return kept.read;
    const read = readCommand(state, command);
    this.#kept.set(command.id, { edited, read });
    return read;
  }

  /** Whether a step has a command that would destroy something. */
  destroys(state: RunState, step: Step): boolean {
    return plannedParts(step.parts, state.options).some(
      (part) => part.kind === 'command' && !part.offered && this.of(state, part).reading.class === 'destroys',
    );
  }
}
