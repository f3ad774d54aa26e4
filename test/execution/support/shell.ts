import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Execution,
  type ExecutionRequest,
  type ExecutionResult,
  execute,
} from '../../../src/execution/execution.ts';
import { Redaction } from '../../../src/execution/redaction.ts';
import { removeState } from '../../../src/execution/scratch-folder.ts';
import { forgetState } from '../../../src/execution/shell-state.ts';

/** A run's worth of commands in a folder of its own. */
export class Shell {
  readonly folder: string;
  readonly stateFolder: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.stateFolder = join(folder, 'state');
  }

  static async open(): Promise<Shell> {
    return new Shell(await mkdtemp(join(tmpdir(), 'drillbook-shell-')));
  }

  async close(): Promise<void> {
    await removeState(this.stateFolder);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As after a crash: what comes next knows of the state only what was written down. */
  forget(): void {
    forgetState(this.stateFolder);
  }

  request(text: string, more: Partial<ExecutionRequest> = {}): ExecutionRequest {
    this.#count++;
    return {
      text,
      cwd: this.folder,
      stateFolder: this.stateFolder,
      outputFile: join(this.folder, `${String(this.#count).padStart(3, '0')}.log`),
      environment: {},
      redaction: new Redaction(),
      columns: 80,
      rows: 24,
      ...more,
    };
  }

  start(text: string, more: Partial<ExecutionRequest> = {}): Execution {
    return execute(this.request(text, more));
  }

  /** Runs a command to its end; `out` is what its file holds. */
  async run(
    text: string,
    more: Partial<ExecutionRequest> = {},
  ): Promise<ExecutionResult & { out: string; raw: Buffer }> {
    // What is not secret has to come back from the disk.
    if (!more.redaction) this.forget();
    const request = this.request(text, more);
    const result = await execute(request).done;
    const raw = await readFile(request.outputFile).catch(() => Buffer.alloc(0));
    return { ...result, raw, out: raw.toString('utf8') };
  }
}
