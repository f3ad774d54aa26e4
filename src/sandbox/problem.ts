/** The sandbox cannot be had. The message says what happened and what to do next, in whole sentences. */
export class SandboxProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxProblem';
  }
}
