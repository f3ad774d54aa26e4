import type { BlockPiece } from './block-piece.ts';
import { looksPrinted } from './block-signs.ts';
import { clientLines, session, sessionNote } from './client-session.ts';
import { commandSign, startsSql } from './doing-words.ts';
import { type Excerpt, type ExcerptLine, excerptOf, strip } from './excerpt.ts';
import { innerLines } from './inner-lines.ts';
import { plainPieces, samples, trimBlank } from './plain-pieces.ts';
import { opensClient, type Prompt, promptOf, readsLikeProse } from './prompt.ts';
import { isSoundShell, splitStatements } from './statements.ts';

/** The prompts of all lines: what is a prompt on one line (`mon-a# cat x`) is one wherever a line starts with it. */
export function promptsOf(excerpt: Excerpt): readonly (Prompt | undefined)[] {
  const inner = innerLines(excerpt.lines.map((line) => line.text));
  const prompts = excerpt.lines.map((line, index) => (inner.has(index) ? undefined : promptOf(line.text)));
  const shell = new Set<string>();
  excerpt.lines.forEach((line, index) => {
    const prompt = prompts[index];
    if (prompt?.of !== 'shell') return;
    const text = line.text.slice(0, prompt.length);
    if (/\w/.test(text)) shell.add(text);
  });
  if (shell.size === 0 || shell.size > 20) return rootEverywhere(excerpt, prompts);
  return prompts.map((prompt, index) => {
    if (prompt?.of === 'shell' || inner.has(index)) return prompt;
    const { text } = excerpt.lines[index]!;
    const found = [...shell].find((one) => text.startsWith(one) && text.length > one.length);
    return found === undefined ? prompt : { of: 'shell', length: found.length };
  });
}

/** Where every line starts with `# ` and at least half are known commands, the others are commands too. */
function rootEverywhere(
  excerpt: Excerpt,
  prompts: readonly (Prompt | undefined)[],
): readonly (Prompt | undefined)[] {
  const written = excerpt.lines.filter((line) => line.text.trim() !== '');
  const root = prompts.filter((prompt) => prompt?.of === 'root').length;
  if (root === 0 || root * 2 < written.length || root === written.length) return prompts;
  const alike = (text: string) =>
    /^\s*#\s+[a-z][\w.-]*(?:\s|$)/.test(text) && !readsLikeProse(text.replace(/^\s*#\s+/, ''));
  if (!written.every((line) => line.text.length < 2000 && alike(line.text))) return prompts;
  return prompts.map((prompt, index) => {
    const length = /^\s*#\s+(?=\S)/.exec(excerpt.lines[index]!.text)?.[0].length;
    return prompt ?? (length ? { of: 'root', length } : undefined);
  });
}

/** A block that shows prompts: what follows a prompt is a command, the rest is what the command printed. */
export function promptedPieces(
  excerpt: Excerpt,
  prompts: readonly (Prompt | undefined)[],
  root: boolean,
): readonly BlockPiece[] {
  const out: BlockPiece[] = [];
  const { lines } = excerpt;
  let printed: ExcerptLine[] = [];
  let comments: ExcerptLine[] = [];
  let apart = false;
  const flush = () => {
    const shown = trimBlank(printed);
    if (shown.length > 0) out.push({ kind: 'sample', excerpt: excerptOf(shown) });
    printed = [];
  };
  const flushComments = () => {
    if (comments.length > 0) out.push({ kind: 'comments', lines: comments, apart: true });
    comments = [];
  };
  const isPrompt = (index: number) => {
    const prompt = prompts[index];
    return prompt?.of === 'shell' || (root && prompt?.of === 'root') ? prompt : undefined;
  };
  const opening = root ? 0 : unpromptedStart(lines, prompts);
  out.push(...plainPieces(excerptOf(lines.slice(0, opening))));
  for (let index = opening; index < lines.length; index++) {
    const line = lines[index]!;
    const prompt = isPrompt(index);
    if (!prompt) {
      const database = prompts[index];
      if (database?.of === 'psql' || database?.of === 'client') {
        flush();
        flushComments();
        index = typed(lines, prompts, index, out) - 1;
      } else if (/^\s*#\s/.test(line.text) && printed.length === 0)
        comments.push({
          text: line.text.replace(/^\s*#+\s*/, ''),
          at: line.at < 0 ? -1 : line.at + /^\s*#+\s*/.exec(line.text)![0].length,
        });
      else {
        if (line.text.trim() === '' && comments.length > 0) flushComments();
        if (line.text.trim() === '' && printed.length === 0) apart = true;
        else printed.push(line);
      }
      continue;
    }
    flush();
    const taken = commandLines(lines, prompts, index, prompt.length, (at) => isPrompt(at) !== undefined);
    const command = excerptOf(taken.lines);
    let next = index + taken.count;
    let excerptToUse = command;
    let note: string | undefined;
    const client = taken.lines.length === 1 ? opensClient(command.text) : undefined;
    if (client) {
      const fed = clientLines(lines, prompts, next, client, (at) => isPrompt(at) !== undefined);
      if (fed.length > 0) {
        excerptToUse = session(
          command,
          fed.flatMap((one) => one.lines),
          client,
          true,
        );
        note = sessionNote(client);
        next = fed[fed.length - 1]!.end;
      }
    }
    const split = splitStatements(excerptToUse);
    split.forEach((piece, at) => {
      if (piece.kind === 'comments') return;
      const captions = at === 0 ? comments : [];
      out.push({
        ...piece,
        language: 'shell',
        captions: [...captions, ...piece.captions],
        apart,
        ...(note && { note }),
      });
    });
    comments = [];
    apart = false;
    index = next - 1;
  }
  flush();
  flushComments();
  return out;
}

/** How many lines stand before the first prompt, where they start with a command: they are typed too. */
function unpromptedStart(lines: readonly ExcerptLine[], prompts: readonly (Prompt | undefined)[]): number {
  const first = lines.findIndex((line) => line.text.trim() !== '' && !/^\s*#/.test(line.text));
  const prompted = prompts.findIndex((prompt) => prompt !== undefined && prompt.of !== 'root');
  const text = lines[first]?.text ?? '';
  const typed = commandSign(text) && !readsLikeProse(text) && !looksPrinted(text);
  return typed && first < prompted ? prompted : 0;
}

/** A command at a prompt with its further lines: continued by a backslash, a quote or a here-document. */
function commandLines(
  lines: readonly ExcerptLine[],
  prompts: readonly (Prompt | undefined)[],
  index: number,
  prompt: number,
  stops: (at: number) => boolean,
): { readonly lines: readonly ExcerptLine[]; readonly count: number } {
  const first = strip(lines[index]!, prompt);
  const taken = [first];
  let count = 1;
  const furtherLine = (at: number): ExcerptLine => {
    const line = lines[at]!;
    const continued = /^> ?/.exec(line.text)?.[0].length ?? 0;
    return continued && prompts[at]?.of === 'client' ? strip(line, continued) : line;
  };
  while (index + count < lines.length && /\\\s*$/.test(taken[taken.length - 1]!.text)) {
    if (stops(index + count)) break;
    taken.push(furtherLine(index + count));
    count++;
  }
  if (!isOpen(taken.map((line) => line.text).join('\n'))) return { lines: taken, count };
  const longer = [...taken];
  for (let at = index + count; at < lines.length && longer.length < 60; at++) {
    if (stops(at)) break;
    longer.push(furtherLine(at));
    if (!isOpen(longer.map((line) => line.text).join('\n'))) return { lines: longer, count: longer.length };
  }
  return { lines: taken, count };
}

/** True where the text is not yet a whole command: an open here-document, quote or block. */
function isOpen(text: string): boolean {
  const here = /<<-?\s*\\?(["']?)(\w+)\1/.exec(text);
  if (here)
    return !text
      .split('\n')
      .slice(1)
      .some((line) => line.trim() === here[2]);
  const quotes = text.replace(/\\./g, '').replace(/"[^"]*"|'[^']*'/g, '');
  return /["']/.test(quotes) || (/\b(?:do|then)\b|[({]\s*$/.test(quotes) && !isSoundShell(text));
}

/** A block of lines at a database's prompt, without the command that opened the client. */
export function mixedPieces(
  excerpt: Excerpt,
  prompts: readonly (Prompt | undefined)[],
): readonly BlockPiece[] {
  const out: BlockPiece[] = [];
  const { lines } = excerpt;
  let from = 0;
  for (let index = 0; index < lines.length; index++) {
    const prompt = prompts[index];
    if (prompt?.of !== 'psql' && prompt?.of !== 'client') continue;
    const before = excerptOf(lines.slice(from, index));
    const earlier = [...(from === 0 ? plainPieces(before) : samples(before))];
    const opener = earlier[earlier.length - 1];
    const client = opener?.kind === 'statement' ? opensClient(opener.excerpt.text) : undefined;
    if (opener?.kind === 'statement' && client) {
      const fed = clientLines(lines, prompts, index, client, () => false);
      const last = fed[fed.length - 1];
      if (last) {
        out.push(...earlier.slice(0, -1), {
          ...opener,
          excerpt: session(
            opener.excerpt,
            fed.flatMap((one) => one.lines),
            client,
            true,
          ),
          note: sessionNote(client),
        });
        from = last.end;
        index = from - 1;
        continue;
      }
    }
    out.push(...earlier);
    from = typed(lines, prompts, index, out);
    index = from - 1;
  }
  const rest = excerptOf(lines.slice(from));
  out.push(...(from === 0 ? plainPieces(rest) : samples(rest)));
  return out;
}

/** Takes one statement at a database's or another program's prompt; gives the index behind it. */
function typed(
  lines: readonly ExcerptLine[],
  prompts: readonly (Prompt | undefined)[],
  index: number,
  out: BlockPiece[],
): number {
  const prompt = prompts[index]!;
  const taken = [strip(lines[index]!, prompt.length)];
  let next = index + 1;
  if (prompt.of === 'psql') {
    while (next < lines.length && !/;\s*$|^\s*\\/.test(taken[taken.length - 1]!.text)) {
      const further = prompts[next];
      if (further?.of !== 'psql' || !further.continued) break;
      taken.push(strip(lines[next]!, further.length));
      next++;
    }
    const excerpt = excerptOf(taken);
    if (excerpt.text.trim() !== '' && !/^\s*\\/.test(excerpt.text))
      out.push({ kind: 'statement', language: 'sql', excerpt, captions: [], faulty: false, apart: true });
    else if (excerpt.text.trim() !== '') out.push({ kind: 'typed', excerpt, at: 'psql' });
  } else {
    const name = prompt.of === 'client' ? prompt.name : '';
    const excerpt = excerptOf(taken);
    out.push(
      startsSql(excerpt.text) && /mysql|maria|sqlite/i.test(name)
        ? { kind: 'statement', language: 'sql', excerpt, captions: [], faulty: false, apart: true }
        : { kind: 'typed', excerpt, at: name },
    );
  }
  return next;
}
