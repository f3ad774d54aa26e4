import { Recording } from '../execution/recording.ts';
import { planned } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';

/** Marks are read in a list. Characters. */
const longestMark = 60;

/**
 * The recording of a whole run, with a mark where each step and each of its commands begins, and with what was run above
 * what it printed. It is opened at the first command; a disk that refuses it stops no command.
 */
export class RunRecording {
  readonly #file: string;
  readonly #mask: (text: string) => string;
  #recording: Recording | undefined;
  #step: string | undefined;

  /** `mask` takes the secrets out of what is written. */
  constructor(file: string, mask: (text: string) => string) {
    this.#file = file;
    this.#mask = mask;
  }

  /** The recording for a command that begins in the run as it stands; undefined where there can be none. */
  async begin(state: RunState, command: string): Promise<Recording | undefined> {
    const text = this.#mask(command);
    try {
      this.#recording ??= await Recording.open(
        this.#file,
        process.stdout.columns ?? 80,
        process.stdout.rows ?? 24,
        this.#mask(state.started.procedure.title),
      );
      this.#recording.marker(state.step === this.#step ? shortened(text) : this.#titleOf(state));
      this.#step = state.step;
      this.#recording.prompt(text);
    } catch {
      this.#recording = undefined;
    }
    return this.#recording;
  }

  /** `code` says how the run ended, where it has. Never rejects: a recording cut short is no reason to keep locks. */
  async close(code: number | undefined): Promise<void> {
    if (code !== undefined) this.#recording?.exit(code);
    await this.#recording?.close().catch(() => undefined);
  }

  /** Number and title of the step that the run is in. */
  #titleOf({ started, options, step }: RunState): string {
    const steps = planned(started.procedure.items, options);
    const at = steps.findIndex(({ id }) => id === step);
    return at < 0 ? started.procedure.title : `${at + 1} ${shortened(this.#mask(steps[at]!.title))}`;
  }
}

function shortened(text: string): string {
  const characters = [...sanitiseLine(text.trim().split('\n', 1)[0]!)];
  return characters.length > longestMark
    ? `${characters.slice(0, longestMark - 1).join('')}…`
    : characters.join('');
}
