import type { Word } from './word.ts';

const off = /^(false|no|none|off|0)$/i;

/** Options of one command line, by name with dashes; an option without a value has an empty list entry. */
export class Options {
  readonly #found = new Map<string, Word[]>();
  /** Whole names that may be cut short: those of the tool's table. */
  readonly #whole: ReadonlySet<string> | undefined;

  /** `whole`: names that no other name is short for; undefined where the tool takes no name cut short. */
  constructor(whole?: ReadonlySet<string>) {
    this.#whole = whole;
  }

  put(name: string, value: Word | undefined): undefined {
    const list = this.#found.get(name) ?? [];
    if (value) list.push(value);
    this.#found.set(name, list);
  }

  /** True where any of the names stands and is not taken back (`--dry-run=false`); `--dry-run=client` asks for that value. */
  has(...names: string[]): boolean {
    return names.some((name) => {
      const given = this.#given(name);
      if (given) return !(name.startsWith('--') && off.test(given.at(-1)?.text ?? ''));
      const equals = name.indexOf('=');
      if (equals < 0) return false;
      return this.#found.get(name.slice(0, equals))?.at(-1)?.text === name.slice(equals + 1);
    });
  }

  /** Whether `--no-NAME` stands for any of the names: where it counts, it takes the option back. */
  negated(...names: string[]): boolean {
    return names.some((name) => name.startsWith('--') && this.#found.has(`--no-${name.slice(2)}`));
  }

  /** The last value given under any of the names. */
  value(...names: string[]): Word | undefined {
    return this.values(...names).at(-1);
  }

  values(...names: string[]): Word[] {
    return names.flatMap((name) => this.#given(name) ?? []);
  }

  /** What stands under a name, or under one cut short: `--cle` for `--clean`. */
  #given(name: string): Word[] | undefined {
    const given = this.#found.get(name);
    if (given || !this.#whole || !name.startsWith('--')) return given;
    for (const [short, values] of this.#found)
      if (/^--./.test(short) && name.startsWith(short) && !this.#whole.has(short)) return values;
    return undefined;
  }

  names(): string[] {
    return [...this.#found.keys()];
  }
}

export interface Grammar {
  /** Options that take a value in the next word. */
  readonly valued: ReadonlySet<string>;
  /** Long options start with one dash: terraform, find, java. */
  readonly singleDash?: boolean;
  /** The first word that is no option ends the options: sudo, ssh, xargs. */
  readonly stopAtOperand?: boolean;
  /** All long options of the table, where the tool takes them cut short as getopt_long does; undefined: it does not. */
  readonly whole?: ReadonlySet<string>;
}

export interface Arguments {
  readonly options: Options;
  readonly operands: Word[];
  /** Options that stood before the first operand, as written. */
  readonly leading: string[];
}

/** Splits words into options and operands, the way getopt_long does, `--` included. Never fails. */
export function parseArguments(words: readonly Word[], grammar: Grammar): Arguments {
  const options = new Options(grammar.whole);
  const operands: Word[] = [];
  const leading: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const text = word.text;
    if (text === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (text.length < 2 || !text.startsWith('-')) {
      operands.push(word);
      if (!grammar.stopAtOperand) continue;
      operands.push(...words.slice(i + 1));
      break;
    }
    if (operands.length === 0) leading.push(text);
    if (text.startsWith('--') || grammar.singleDash) {
      const equals = text.indexOf('=');
      if (equals > 0)
        options.put(text.slice(0, equals), { ...word, text: text.slice(equals + 1), offset: -1 });
      else options.put(text, takesValue(text, grammar) ? words[++i] : undefined);
      continue;
    }
    for (let at = 1; at < text.length; at++) {
      const name = `-${text[at]}`;
      if (!grammar.valued.has(name)) {
        options.put(name, undefined);
        continue;
      }
      const rest = text.slice(at + 1);
      options.put(name, rest ? { ...word, text: rest, offset: -1 } : words[++i]);
      break;
    }
  }
  return { options, operands, leading };
}

/** Whether the next word is the option's value. Of one cut short, where any name that it may stand for takes one. */
function takesValue(name: string, { valued, whole }: Grammar): boolean {
  if (valued.has(name)) return true;
  return whole !== undefined && !whole.has(name) && [...valued].some((each) => each.startsWith(name));
}
