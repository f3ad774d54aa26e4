import type { EffectClass } from '../effects/effect.ts';
import type { Mode } from './mode.ts';
import type { Environment } from './target.ts';

/** What is asked before a command with an effect may run on a target in a mode. */
export type Guard =
  | { readonly kind: 'run' }
  | { readonly kind: 'enter'; readonly showTarget: boolean; readonly caution?: string }
  | { readonly kind: 'phrase'; readonly phrase: string; readonly needsSafetyBackup: boolean }
  | { readonly kind: 'refuse'; readonly reason: string; readonly overridable: boolean };

export interface GuardQuestion {
  readonly effect: EffectClass;
  /** None where the run has no target: treated as production, because nobody said that it is not. */
  readonly environment: Environment | undefined;
  readonly mode: Mode;
  readonly database: string | undefined;
  /** True where the destroying command belongs to a restore: the phrase is then RESTORE, else DESTROY. */
  readonly restoring: boolean;
  /** What a destroying command hits, for the phrase DESTROY <thing>. */
  readonly thing: string | undefined;
}
