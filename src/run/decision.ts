import type { Reading } from '../effects/effect.ts';
import type { RunEvent } from './event.ts';
import type { Guard } from './guard.ts';

/** What `decide` says to an intent. */
export type Decision =
  /** These events are to be journaled in order, then the action, if any, is carried out. */
  | { readonly kind: 'accepted'; readonly events: readonly RunEvent[]; readonly action?: Action }
  /** A person must confirm first; send the intent again with a confirmation. */
  | { readonly kind: 'guarded'; readonly command: string; readonly guard: Guard; readonly reading: Reading }
  /** Not now, or not at all; `overridable` tells whether a reason would do. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly next: string;
      readonly overridable: boolean;
    };

/** What the edge is asked to do. */
export type Action =
  | {
      readonly kind: 'execute';
      readonly command: string;
      readonly attempt: number;
      readonly text: string;
      readonly interactive: boolean;
      readonly output: string;
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'identify' }
  | { readonly kind: 'interrupt'; readonly command: string }
  | { readonly kind: 'save-file'; readonly part: string; readonly path: string; readonly content: string }
  | { readonly kind: 'open-shell' }
  | { readonly kind: 'close' };
