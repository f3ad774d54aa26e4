import type { Word } from './word.ts';

/** What stands at the standard input of a command, as far as the text tells. */
export type Input =
  /** Known text: a heredoc, a here-string, `echo … |`. */
  | { readonly kind: 'text'; readonly text: Word }
  | { readonly kind: 'file'; readonly path: Word }
  /** What another command prints; `from` names it. `dump` tells of what kind of dump it surely is. */
  | { readonly kind: 'pipe'; readonly from: string; readonly dump?: 'plain' | 'cleaning' }
  /** Nothing: `< /dev/null`. */
  | { readonly kind: 'nothing' };
