import type { Block } from './block.ts';
import type { Hints } from './hints.ts';
import { phases } from './phase.ts';

/** What the line that opens a fence says: the language tag and the author's hints. */
export interface Info {
  readonly tag: string;
  readonly hints: Hints;
  /** How the author wants the block to be read, which ends all guessing. */
  readonly role?: Block['role'];
  /** `title="x"`, as site generators show it above a block. */
  readonly title?: string;
  /** Attributes that were given but not understood. */
  readonly unknown: readonly string[];
}

const roles: Readonly<Record<string, Block['role']>> = {
  commands: 'commands',
  command: 'commands',
  output: 'sample',
  sample: 'sample',
  file: 'file',
  code: 'code',
  log: 'log',
  template: 'template',
};
const times: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads an info string: `bash`, `bash {phase=restore timeout=30m expect=/ready/}`, `{.bash #name}`, Runme's
 * `sh {"interactive":"true","name":"x"}` and `sh { background=true }`.
 */
export function readInfo(lang: string | null | undefined, meta: string | null | undefined): Info {
  const line = `${lang ?? ''} ${meta ?? ''}`.trim();
  const brace = line.indexOf('{');
  const head = brace < 0 ? line : line.slice(0, brace);
  const tag = /^[^\s{,:]+/.exec(head.trim())?.[0] ?? /\{\s*\.([\w-]+)/.exec(line)?.[1] ?? '';
  const inside = brace < 0 ? head.trim().slice(tag.length) : line.slice(brace);
  return { tag: tag.replace(/^\.|^language-/, '').toLowerCase(), ...readAttributes(inside) };
}

/** Reads attributes, from a fence or from a comment `<!-- drillbook: phase=restore -->`. */
export function readAttributes(text: string): Omit<Info, 'tag'> {
  const hints: { -readonly [K in keyof Hints]: Hints[K] } = {};
  const unknown: string[] = [];
  let role: Info['role'];
  let title: string | undefined;
  for (const [key, value] of pairsIn(text)) {
    const yes = value === '' || /^(true|yes|1)$/i.test(value);
    if (key === 'phase' && phases.some((phase) => phase === value))
      hints.phase = phases.find((phase) => phase === value)!;
    else if (key === 'effect' && (value === 'reads' || value === 'changes' || value === 'destroys'))
      hints.effect = value;
    else if ((key === 'timeout' || key === 'silence') && /^\d+(?:\.\d+)?(ms|s|m|h)?$/.test(value))
      hints[key] = Number.parseFloat(value) * times[/[a-z]+$/.exec(value)?.[0] ?? 's']!;
    else if (key === 'expect' && value) hints.expect = value.replace(/^\/(.*)\/$/s, '$1');
    else if (key === 'interactive') hints.interactive = yes;
    else if (key === 'background') hints.background = yes;
    else if (key === 'cwd' && value) hints.cwd = value;
    else if (key === 'name' && value) hints.name = value;
    else if (key === 'role' && roles[value]) role = roles[value];
    else if (value === '' && roles[key]) role = roles[key];
    else if (key === 'title' || key === 'filename' || key === 'file') title = value;
    else if (['phase', 'effect', 'timeout', 'silence', 'role'].includes(key)) unknown.push(`${key}=${value}`);
  }
  return { hints, unknown, ...(role && { role }), ...(title && { title }) };
}

function* pairsIn(text: string): Generator<[string, string]> {
  const found = text.matchAll(
    /["']?([A-Za-z][\w-]*)["']?(?:\s*[=:]\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\/(?:[^/\\\n]|\\.)*\/)|([^\s,}]*)))?/g,
  );
  for (const [, key = '', double, single, pattern, bare] of found)
    yield [key.toLowerCase(), double ?? single ?? pattern ?? bare ?? ''];
}
