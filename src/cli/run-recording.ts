import { Recording } from '../execution/recording.ts';

/**
 * The recording of a whole run, with a mark where each command begins. It is opened at the first command; a disk that
 * refuses it stops no command.
 */
export class RunRecording {
  readonly #file: string;
  readonly #title: () => string;
  #recording: Recording | undefined;

  constructor(file: string, title: () => string) {
    this.#file = file;
    this.#title = title;
  }

  /** The recording for a command that begins; undefined where there can be none. `mark` is masked. */
  async begin(mark: string): Promise<Recording | undefined> {
    try {
      this.#recording ??= await Recording.open(
        this.#file,
        process.stdout.columns ?? 80,
        process.stdout.rows ?? 24,
        this.#title(),
      );
      this.#recording.marker(mark);
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
}
