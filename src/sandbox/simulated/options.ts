import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Refused } from './call.ts';

export interface Options {
  readonly text: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
  readonly rest: readonly string[];
}

/** Options by name: `flag` stands alone, `text` wants a value, `texts` may come again. A letter after a dash is its short form. */
export type Known = Readonly<
  Record<string, 'flag' | 'text' | 'texts' | `${'flag' | 'text' | 'texts'}-${string}`>
>;

/** Reads a command line strictly; `refuse` words what the real program says of an unknown option or a missing value. */
export function options(
  args: readonly string[],
  known: Known,
  refuse: (problem: string) => Refused,
): Options {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(known).map(([name, kind]) => {
      const [type, short] = kind.split('-');
      return [
        name,
        {
          type: type === 'flag' ? ('boolean' as const) : ('string' as const),
          multiple: type === 'texts',
          ...(short ? { short } : {}),
        },
      ];
    }),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: config,
      strict: true,
      allowPositionals: true,
    });
    return {
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      all: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
      flag: (name) => values[name] === true,
      rest: positionals,
    };
  } catch (error) {
    throw refuse((error as Error).message.split('. ')[0]!);
  }
}
