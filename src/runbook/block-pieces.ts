import { commandSign, startsSql } from './doing-words.ts';
import { cut, type Excerpt, type ExcerptLine, excerptOf } from './excerpt.ts';
import { type Client, opensClient, type Prompt, promptOf, readsLikeProse } from './prompt.ts';
import { isSoundShell, type Statement, splitStatements } from './statements.ts';

/** What a block of commands is made of, in document order. */
export type BlockPiece =
  | (Statement & { readonly kind: 'statement'; readonly language: 'shell' | 'sql'; readonly note?: string })
  | (Statement & { readonly kind: 'comments' })
  | { readonly kind: 'sample'; readonly excerpt: Excerpt }
  /** A line for a program that the block does not start: `> flushall`. */
  | { readonly kind: 'typed'; readonly excerpt: Excerpt; readonly at: string };

/** (All ways of splitting a block stand in this file, because each hands over to the others.) Splits a shell block: prompts, sample output, client sessions, statements and comments. */
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

/** The prompts of all lines: what is a prompt on one line (`mon-a# cat x`) is one wherever a line starts with it. */
function promptsOf(excerpt: Excerpt): readonly (Prompt | undefined)[] {
  const prompts = excerpt.lines.map((line) => promptOf(line.text));
  const shell = new Set<string>();
  excerpt.lines.forEach((line, index) => {
    const prompt = prompts[index];
    if (prompt?.of !== 'shell') return;
    const text = line.text.slice(0, prompt.length);
    if (/\w/.test(text)) shell.add(text);
  });
  if (shell.size === 0 || shell.size > 20) return prompts;
  return prompts.map((prompt, index) => {
    if (prompt?.of === 'shell') return prompt;
    const { text } = excerpt.lines[index]!;
    const found = [...shell].find((one) => text.startsWith(one) && text.length > one.length);
    return found === undefined ? prompt : { of: 'shell', length: found.length };
  });
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

/** A block without prompts: client sessions are cut out first, the rest goes to the shell grammar. */
function plainPieces(excerpt: Excerpt): readonly BlockPiece[] {
  const out: BlockPiece[] = [];
  const { lines } = excerpt;
  let from = 0;
  for (let index = 0; index < lines.length; index++) {
    const client = opensClient(lines[index]!.text);
    if (!client || /^\s*#/.test(lines[index]!.text)) continue;
    const end = sessionEnd(lines, index, client);
    if (end === index + 1) continue;
    const before = lines.slice(from, index + 1);
    const split = splitStatements(excerptOf(before));
    const opener = split[split.length - 1];
    if (opener?.kind !== 'statement') continue;
    for (const piece of split.slice(0, -1)) out.push(asPiece(piece));
    const fed = session(opener.excerpt, lines.slice(index + 1, end), client, false);
    out.push({ ...opener, excerpt: fed, language: 'shell', note: sessionNote(client) });
    from = end;
    index = end - 1;
  }
  if (from < lines.length)
    for (const piece of splitStatements(excerptOf(lines.slice(from)))) out.push(asPiece(piece));
  return out;
}

function asPiece(statement: Statement): BlockPiece {
  return statement.kind === 'statement' ? { ...statement, language: 'shell' } : statement;
}

function sessionNote(client: Client): string {
  return `the lines after ${client.name} are what is typed into it`;
}

/** Index behind the last line that is meant for the client opened at `open`. */
function sessionEnd(lines: readonly ExcerptLine[], open: number, client: Client): number {
  let end = open + 1;
  let inside = false;
  for (let at = open + 1; at < lines.length; at++) {
    const { text } = lines[at]!;
    if (text.trim() === '' || /^\s*(?:#|--)/.test(text)) continue;
    if (client.takes(text)) {
      end = at + 1;
      if (client.ends(text)) return end;
      inside = !/;\s*(?:--.*)?$/.test(text) && startsSql(text);
    } else if (inside) {
      end = at + 1;
      inside = !/;\s*(?:--.*)?$/.test(text);
    } else break;
  }
  return end;
}

/** The client's command line, fed by the lines as a here-document: nothing in them is expanded by the shell. */
function session(opener: Excerpt, lines: readonly ExcerptLine[], client: Client, prompted: boolean): Excerpt {
  const sql = client.name === 'psql' || client.name === 'mysql' || client.name === 'sqlite3';
  const fed = lines
    .map((line): ExcerptLine => {
      const comment = /^\s*#+\s?/.exec(line.text);
      if (!comment || prompted || !sql) return line;
      return { text: `-- ${line.text.slice(comment[0].length)}`, at: -1 };
    })
    .filter((line, index, all) => line.text.trim() !== '' || (index > 0 && index < all.length - 1));
  let delimiter = client.delimiter;
  while (fed.some((line) => line.text.trim() === delimiter)) delimiter = `${delimiter}_`;
  const head = opener.lines.slice(0, -1);
  const last = opener.lines[opener.lines.length - 1]!;
  // A here-document is no terminal: `docker exec -it` would refuse it.
  const line = last.text.replace(/(\b(?:exec|run)\b.*?\s)-(?:it|ti)\b/, '$1-i');
  return excerptOf([
    ...head,
    { text: `${line} <<'${delimiter}'`, at: line === last.text ? last.at : -1 },
    ...fed,
    { text: delimiter, at: -1 },
  ]);
}

/** A block that shows prompts: what follows a prompt is a command, the rest is what the command printed. */
function promptedPieces(
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
  for (let index = 0; index < lines.length; index++) {
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

function strip(line: ExcerptLine, by: number): ExcerptLine {
  return { text: line.text.slice(by), at: line.at < 0 ? -1 : line.at + by };
}

/** What is typed into a client that a prompted command opened. */
function clientLines(
  lines: readonly ExcerptLine[],
  prompts: readonly (Prompt | undefined)[],
  from: number,
  client: Client,
  stops: (at: number) => boolean,
): readonly { readonly lines: readonly ExcerptLine[]; readonly end: number }[] {
  const out: { lines: ExcerptLine[]; end: number }[] = [];
  for (let at = from; at < lines.length && !stops(at); at++) {
    const prompt = prompts[at];
    if (prompt?.of === 'psql' || prompt?.of === 'client') {
      const text = strip(lines[at]!, prompt.length);
      if (text.text.trim() !== '') out.push({ lines: [text], end: at + 1 });
      if (client.ends(text.text)) break;
    } else if (out.length === 0 && client.takes(lines[at]!.text)) {
      const end = sessionEnd(lines, at - 1, client);
      return [{ lines: lines.slice(at, end) as ExcerptLine[], end }];
    }
  }
  return out;
}

/** A block of lines at a database's prompt, without the command that opened the client. */
function mixedPieces(excerpt: Excerpt, prompts: readonly (Prompt | undefined)[]): readonly BlockPiece[] {
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

function samples(excerpt: Excerpt): readonly BlockPiece[] {
  const lines = trimBlank(excerpt.lines);
  return lines.length > 0 ? [{ kind: 'sample', excerpt: excerptOf(lines) }] : [];
}

function trimBlank(lines: readonly ExcerptLine[]): readonly ExcerptLine[] {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from]!.text.trim() === '') from++;
  while (to > from && lines[to - 1]!.text.trim() === '') to--;
  return lines.slice(from, to);
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
