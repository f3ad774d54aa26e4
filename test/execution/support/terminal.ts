import { type IPty, spawn } from '@lydell/node-pty';
import { until } from './until.ts';

/** A person at a pseudo-terminal: types, and sees everything that was ever written to it. */
export class Person {
  readonly pty: IPty;
  seen = '';
  ended: number | undefined;

  constructor(program: string, args: readonly string[], size = { columns: 100, rows: 30 }) {
    this.pty = spawn(process.execPath, [program, ...args], {
      name: 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      env: { ...process.env, TERM: 'xterm-256color' },
    });
    this.pty.onData((text) => {
      this.seen += text;
    });
    this.pty.onExit(({ exitCode }) => {
      this.ended = exitCode;
    });
  }

  type(text: string): void {
    this.pty.write(text);
  }

  async see(text: string | RegExp): Promise<void> {
    await until(() => {
      if (typeof text === 'string' ? this.seen.includes(text) : text.test(this.seen)) return true;
      if (this.ended !== undefined)
        throw new Error(`ended with ${this.ended} before ${text} was seen:\n${this.seen}`);
      return false;
    });
  }

  async end(): Promise<number> {
    await until(() => this.ended !== undefined);
    return this.ended!;
  }

  leave(): void {
    if (this.ended === undefined) this.pty.kill('SIGKILL');
  }
}
