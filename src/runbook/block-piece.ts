import type { Excerpt } from './excerpt.ts';
import type { Statement } from './statements.ts';

/** What a block of commands is made of, in document order. */
export type BlockPiece =
  | (Statement & { readonly kind: 'statement'; readonly language: 'shell' | 'sql'; readonly note?: string })
  | (Statement & { readonly kind: 'comments' })
  | { readonly kind: 'sample'; readonly excerpt: Excerpt }
  /** A line for a program that the block does not start: `> flushall`. */
  | { readonly kind: 'typed'; readonly excerpt: Excerpt; readonly at: string };
