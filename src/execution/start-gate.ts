import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Holds a prepared command back until its start is written down: its shell stands and waits, and begins with the text
 * only when the gate is opened. A shell whose Drillbook has died waits a second at most and then ends without having
 * run anything, so that a command whose process is not in the journal did nothing.
 */
export class StartGate {
  readonly #pipe: FileHandle;

  private constructor(pipe: FileHandle) {
    this.#pipe = pipe;
  }

  /** Makes the gate in a command's scratch folder. Throws where its file system has no FIFOs. */
  static async in(folder: string): Promise<StartGate> {
    const path = join(folder, name);
    await execa('mkfifo', ['-m', '600', path], { env: { LC_ALL: 'C' } });
    // Both ends: neither opening it waits for the other side, and what is written stays until the shell reads it.
    return new StartGate(await open(path, constants.O_RDWR | constants.O_NONBLOCK));
  }

  async open(): Promise<void> {
    await this.#pipe.write('\n');
  }

  /** Ends the waiting shell: its command is never to begin. */
  async refuse(): Promise<void> {
    await this.#pipe.write('no\n');
  }

  /** To be called when the command has ended: what the shell has not read yet is lost with it. */
  async close(): Promise<void> {
    await this.#pipe.close();
  }
}

const name = 'go';

/** What a shell makes in its scratch folder right before it begins with the text. */
export const begunMark = 'begun';

/**
 * The shell's side, for the prelude: `keeper` is the process without which nothing is to begin. A shell that cannot leave
 * its mark does not begin either, so that one without a mark did nothing.
 */
export const waitAtGate = (
  keeper: number,
) => `until IFS= builtin read -r -t 1 __drillbook_go <> "$__drillbook_folder/${name}"; do
  builtin kill -0 ${keeper} || builtin exit 125
done
[[ -z $__drillbook_go ]] || builtin exit 125
unset -v __drillbook_go
: >| "$__drillbook_folder/${begunMark}" || builtin exit 125
`;
