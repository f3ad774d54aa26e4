import type { BlockPiece } from './block-piece.ts';
import { commandSign } from './doing-words.ts';
import { cut, type Excerpt, type ExcerptLine, excerptOf, strip } from './excerpt.ts';
import { plainPieces, samples, trimBlank } from './plain-pieces.ts';
import { opensClient, type Prompt, promptOf, readsLikeProse } from './prompt.ts';
import { mixedPieces, promptedPieces, promptsOf } from './prompted-pieces.ts';

/** Splits a shell block: prompts, sample output, client sessions, statements and comments. */
export function shellPieces(excerpt: Excerpt): readonly BlockPiece[] {
  const prompts = promptsOf(excerpt);
  if (prompts.some((prompt) => prompt?.of === 'shell')) return promptedPieces(excerpt, prompts, false);
  if (rootPrompted(excerpt, prompts)) return promptedPieces(excerpt, prompts, true);
  if (
    prompts.some((prompt) => prompt?.of === 'psql' || (prompt?.of === 'client' && prompt.name !== '>')) ||
    allTyped(excerpt, prompts)
  )
    return mixedPieces(excerpt, prompts);
  return plainPieces(excerpt);
}

/** `> flushall` is typed into some program where nothing else in the block is a shell command. */
function allTyped(excerpt: Excerpt, prompts: readonly (Prompt | undefined)[]): boolean {
  const first = excerpt.lines.findIndex((line) => line.text.trim() !== '');
  if (prompts[first]?.of !== 'client') return false;
  return excerpt.lines.every((line, index) => prompts[index]?.of === 'client' || !commandSign(line.text));
}

/** `# rm -rf x` is a root prompt where, without such lines, the block would hold nothing to run. */
function rootPrompted(excerpt: Excerpt, prompts: readonly (Prompt | undefined)[]): boolean {
  if (!prompts.some((prompt) => prompt?.of === 'root')) return false;
  return excerpt.lines.every((line, index) => {
    if (prompts[index] || line.text.trim() === '') return true;
    return !/^\s*#/.test(line.text) && (!commandSign(line.text) || readsLikeProse(line.text));
  });
}

/** Lines for a program that is open somewhere else: each is typed there by hand. */
export function typedPieces(excerpt: Excerpt, at: string): readonly BlockPiece[] {
  return excerpt.lines
    .filter((line) => line.text.trim() !== '' && !/^\s*(?:\/\/|#)/.test(line.text))
    .map((line) => ({ kind: 'typed', excerpt: excerptOf([line]), at }));
}

/** One command whose output follows it without any prompt. */
export function commandThenOutput(excerpt: Excerpt): readonly BlockPiece[] {
  const first = excerpt.lines.findIndex((line) => line.text.trim() !== '');
  let end = first + 1;
  while (end < excerpt.lines.length && /\\\s*$/.test(excerpt.lines[end - 1]!.text)) end++;
  return [
    ...plainPieces(excerptOf(excerpt.lines.slice(first, end))),
    ...samples(excerptOf(excerpt.lines.slice(end))),
  ];
}

/** An SQL block is one batch; `--` comments on top of it are its captions. Prompts and printed rows are taken off. */
export function sqlPieces(excerpt: Excerpt): readonly BlockPiece[] {
  const prompts = excerpt.lines.map((line) => promptOf(line.text));
  const first = excerpt.lines.find((line) => line.text.trim() !== '');
  if (first && (opensClient(first.text) || prompts.some((prompt) => prompt?.of === 'shell')))
    return shellPieces(excerpt);
  if (prompts.some((prompt) => prompt?.of === 'psql' || (prompt?.of === 'client' && prompt.name !== '>')))
    return mixedPieces(excerpt, prompts);
  const lines = trimBlank(excerpt.lines);
  if (lines.length === 0) return [];
  const captions: ExcerptLine[] = [];
  for (const line of lines) {
    const mark = /^\s*--+\s*/.exec(line.text)?.[0].length;
    if (!mark) break;
    captions.push(strip(line, mark));
  }
  if (captions.length === lines.length) return [{ kind: 'comments', lines: captions, apart: true }];
  const all = excerptOf(lines);
  return [
    {
      kind: 'statement',
      language: 'sql',
      excerpt: cut(all, 0, all.text.length),
      captions,
      faulty: false,
      apart: true,
    },
  ];
}
