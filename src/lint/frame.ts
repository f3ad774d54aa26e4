import type { Span } from '../effects/word.ts';
import type { Diverted, Feed, Pipeline } from './invocation.ts';

/** What a command inherits from the constructs around it while a script's tree is walked. */
export interface Frame {
  readonly feed?: Feed | undefined;
  readonly output?: Diverted | undefined;
  readonly pipeline?: Pipeline | undefined;
  readonly stage: number;
  readonly background: boolean;
  readonly tested: boolean;
  readonly followedBy: string;
  readonly captured: boolean;
  readonly looped: boolean;
  readonly statement: Span;
}

/** The frame of a script's top level. */
export function outermost(statement: Span): Frame {
  return {
    stage: 0,
    background: false,
    tested: false,
    followedBy: '',
    captured: false,
    looped: false,
    statement,
  };
}

/** The frame inside `$( )`: its pipes and files are its own. */
export function substituted(frame: Frame): Frame {
  return {
    ...frame,
    captured: true,
    tested: false,
    pipeline: undefined,
    feed: undefined,
    output: undefined,
    stage: 0,
  };
}
