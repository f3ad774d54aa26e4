import type { EarlierSetting } from './earlier-setting.ts';
import type { Range } from './range.ts';

export type ValueKind =
  | 'host'
  | 'port'
  | 'user'
  | 'database'
  | 'bucket'
  | 'file'
  | 'directory'
  | 'url'
  | 'identifier'
  | 'time'
  | 'secret'
  | 'text';

/** Text that the operator must replace: `<host>`, `/path/to/backup_file.sql`, `your-bucket`. */
export interface Placeholder {
  readonly kind: 'placeholder';
  /** As it stands in the source; every use is replaced by the one value. Others may share it, in other commands. */
  readonly text: string;
  readonly name: string;
  readonly value: ValueKind;
  readonly uses: readonly Use[];
}

/** A shell variable that a procedure reads before it writes it. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly value: ValueKind;
  /** From `${NAME:-default}`. */
  readonly fallback?: string;
  /** The file that a command before the first use sources: it may set the variable. */
  readonly sourced?: string;
  /** An earlier procedure of the document sets it. */
  readonly earlier?: EarlierSetting;
  readonly uses: readonly Use[];
}

export interface Use {
  readonly command: string;
  readonly range: Range;
}
