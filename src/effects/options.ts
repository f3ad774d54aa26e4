import type { Word } from './word.ts';

const off = /^(false|no|none|off|0)$/i;

/** Options of one command line, by name with dashes; an option without a value has an empty list entry. */
export class Options {
  readonly #found = new Map<string, Word[]>();

  put(name: string, value: Word | undefined): undefined {
    const list = this.#found.get(name) ?? [];
    if (value) list.push(value);
    this.#found.set(name, list);
  }

  /** True where any of the names stands and is not taken back (`--dry-run=false`); `--dry-run=client` asks for that value. */
  has(...names: string[]): boolean {
    return names.some((name) => {
      const given = this.#found.get(name);
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
    return names.flatMap((name) => this.#found.get(name) ?? []);
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
}

export interface Arguments {
  readonly options: Options;
  readonly operands: Word[];
  /** Options that stood before the first operand, as written. */
  readonly leading: string[];
}

/** Splits words into options and operands, the way getopt_long does, `--` included. Never fails. */
export function parseArguments(words: readonly Word[], grammar: Grammar): Arguments {
  const options = new Options();
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
      else options.put(text, grammar.valued.has(text) ? words[++i] : undefined);
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
