import type { Readable } from 'node:stream';
import type { World } from './world.ts';

/** One call of a simulated command: what a real program would be given, and where its words go. */
export interface Call {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: Readable;
  /** A person can be asked. */
  readonly interactive: boolean;
  readonly print: (text: string) => void;
  readonly printBytes: (bytes: Uint8Array) => Promise<void>;
  readonly warn: (text: string) => void;
}

/** A simulated command; the number is its exit code. */
export type Simulated = (call: Call, world: World) => Promise<number>;

/** What a simulated command refuses, in the words and with the exit code of the real one. */
export class Refused extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}
