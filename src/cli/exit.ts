/** Exit codes of every command, in one place. */
export const exit = {
  done: 0,
  /** A command, a criterion or a finding failed. */
  failed: 1,
  usage: 2,
  /** Something that only a person may decide. */
  needsPerson: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** An error that a person can act on: printed as one sentence (and what to do next), never as a stack trace. */
export class Refusal extends Error {
  readonly code: ExitCode;

  constructor(message: string, code: ExitCode = exit.usage) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
