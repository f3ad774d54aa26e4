import { startsSql } from './doing-words.ts';
import { type Excerpt, type ExcerptLine, excerptOf, strip } from './excerpt.ts';
import type { Client, Prompt } from './prompt.ts';

/** What is told of a command that is fed by the lines behind it. */
export function sessionNote(client: Client): string {
  return `the lines after ${client.name} are what is typed into it`;
}

/** Index behind the last line that is meant for the client opened at `open`. */
export function sessionEnd(lines: readonly ExcerptLine[], open: number, client: Client): number {
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
export function session(
  opener: Excerpt,
  lines: readonly ExcerptLine[],
  client: Client,
  prompted: boolean,
): Excerpt {
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

/** What is typed into a client that a prompted command opened. */
export function clientLines(
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
