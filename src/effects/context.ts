/** What is known around a command when its effects are read. All of it is optional, and nothing in it is secret. */
export interface EffectContext {
  /** Functions defined earlier in the run: name → body text. */
  readonly functions?: Readonly<Record<string, string>>;
  /** Values of variables that are known and are not secret. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables that earlier commands of the run have set and that make others start something (`PATH`, `PAGER`), as written. */
  readonly startings?: Readonly<Record<string, string>>;
  /** Whether a path exists on this machine; undefined where nobody knows. `path/.` asks whether it is a folder. */
  readonly exists?: (path: string) => boolean | undefined;
  /** The text of a file on this machine, where somebody has it at hand. */
  readonly fileText?: (path: string) => string | undefined;
}
