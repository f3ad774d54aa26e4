import type { Call } from '../call.ts';
import type { EffectClass, Thing } from '../effect.ts';
import type { Grammar } from '../options.ts';

/**
 * What is known of one command. `rules` are asked in order and the first that fits speaks; where none fits, the
 * command is unknown. `read` is for tools whose arguments hold another language or another command.
 */
export interface Tool {
  /** Names it goes by, separated by spaces. */
  readonly names: string;
  /** Options that take the next word as their value, separated by spaces. */
  readonly valued?: string;
  /** Options whose value is a shell command that it starts, separated by spaces. */
  readonly runs?: string;
  /** Options whose value is a file of which it takes settings or code that may start something, separated by spaces. */
  readonly loads?: string;
  /** Options without a value that may stand before the verb, separated by spaces. */
  readonly switches?: string;
  readonly singleDash?: boolean;
  readonly stopAtOperand?: boolean;
  /** Takes long options cut short, as getopt_long does: `--cle` for `--clean`. */
  readonly abbreviates?: boolean;
  readonly rules?: readonly Rule[];
  /** Returns false to let the rules speak. */
  readonly read?: (call: Call) => boolean | undefined;
}

export interface Rule {
  readonly is: EffectClass;
  /** Leading operands, alternatives by `|`: `image rm|image prune`; none fits any call. */
  readonly verb?: string;
  /** Any one of these options, separated by spaces. */
  readonly has?: string;
  /** None of these options. */
  readonly lacks?: string;
  /** Fits only where there are at least that many operands after the verb. */
  readonly operands?: number;
  /**
   * In plain words. `{0}` is the first operand after the verb, `{all}` all of them, `{-d}` the value of an option;
   * none: the command as written.
   */
  readonly why?: string;
  /** What it falls on; the name is a template like `why`. */
  readonly hits?: readonly [Thing['kind'], string];
  readonly interactive?: boolean;
  readonly longRunning?: boolean;
}

type More = Omit<Rule, 'is' | 'verb'>;

export const reads = (verb?: string, more: More = {}): Rule => ({
  is: 'reads',
  ...(verb && { verb }),
  ...more,
});
export const changes = (verb?: string, more: More = {}): Rule => ({
  is: 'changes',
  ...(verb && { verb }),
  ...more,
});
export const destroys = (verb?: string, more: More = {}): Rule => ({
  is: 'destroys',
  ...(verb && { verb }),
  ...more,
});
export const unknown = (verb?: string, more: More = {}): Rule => ({
  is: 'unknown',
  ...(verb && { verb }),
  ...more,
});

/** How the words of a tool are split; of one that is not known, as if no option had a value. */
export function grammarOf(tool: Tool | undefined): Grammar {
  return {
    valued: new Set(`${tool?.valued ?? ''} ${tool?.runs ?? ''} ${tool?.loads ?? ''}`.split(' ')),
    singleDash: tool?.singleDash ?? false,
    stopAtOperand: tool?.stopAtOperand ?? false,
    ...(tool?.abbreviates && { whole: longOptions(tool) }),
  };
}

/** Every long option that the table names. */
function longOptions({ valued, switches, runs, loads, rules }: Tool): ReadonlySet<string> {
  const asked = (rules ?? []).flatMap(({ has, lacks }) => [has, lacks]);
  const names = [valued, switches, runs, loads, ...asked].flatMap((each) => each?.split(' ') ?? []);
  return new Set(names.filter((name) => name.startsWith('--')));
}
