import { readFile } from 'node:fs/promises';
import type { EffectClass } from '../../src/effects/effect.ts';

export interface Labelled {
  readonly expected: EffectClass;
  readonly text: string;
}

/** The labelled commands of a file beside this one: a `[class]` line opens a part, `---` lines hold what has several lines. */
export async function labelled(file = 'commands.txt'): Promise<Labelled[]> {
  const lines = (await readFile(new URL(file, import.meta.url), 'utf8')).split('\n');
  const found: Labelled[] = [];
  let expected: EffectClass | undefined;
  let block: string[] | undefined;
  for (const line of lines) {
    const head = block?.length ? undefined : /^\[(\w+)\]$/.exec(line);
    if (head) {
      expected = head[1] as EffectClass;
      block = undefined;
    } else if (line === '---') {
      if (block?.length && expected) found.push({ expected, text: block.join('\n') });
      block = [];
    } else if (block) {
      if (line || block.length > 0) block.push(line);
    } else if (line && !line.startsWith('#') && expected) found.push({ expected, text: line });
  }
  return found;
}
