/** A piece of a psql script. Offsets count UTF-16 code units of the script. */
export type PsqlPiece =
  /** One SQL statement without its semicolon; psql's variables became words of the same length. */
  | { readonly kind: 'sql'; readonly text: string; readonly start: number; readonly end: number }
  /** A backslash command with the rest of its line: `\copy t from 'f'`. */
  | {
      readonly kind: 'meta';
      readonly name: string;
      readonly argument: string;
      /** What stood in psql's buffer before it, for `\g` and its kin. */
      readonly buffer: string;
      readonly start: number;
      readonly end: number;
    };

/**
 * Splits a script as psql does: at semicolons outside quotes, dollar quotes, comments and parentheses; backslash
 * commands to the end of their line; the data lines behind `COPY … FROM stdin;` left out. After the lexical rules of
 * PostgreSQL's manual. Never fails; what is left open at the end is one statement. Linear in the text.
 */
export function splitPsql(text: string): PsqlPiece[] {
  const pieces: PsqlPiece[] = [];
  let start = 0;
  let depth = 0;
  // Nested BEGIN ATOMIC … END and CASE … END of SQL-standard function bodies.
  let blocks = 0;
  let sql = '';
  let copied = 0;
  let i = 0;
  const flush = (end: number, next: number) => {
    sql += text.slice(copied, end);
    const lead = sql.length - sql.trimStart().length;
    const trimmed = sql.trim();
    if (trimmed)
      pieces.push({ kind: 'sql', text: trimmed, start: start + lead, end: start + lead + trimmed.length });
    sql = '';
    start = copied = next;
    depth = 0;
    blocks = 0;
    return trimmed;
  };
  while (i < text.length) {
    const end = skipQuoted(text, i);
    if (end > i) {
      i = end;
      continue;
    }
    const c = text[i]!;
    if (c === '(' || c === '[') depth += 1;
    else if (c === ')' || c === ']') depth = Math.max(0, depth - 1);
    else if (c === ';' && depth === 0 && blocks === 0) {
      const statement = flush(i, i + 1);
      i += 1;
      if (/^copy\b[^;]*\bfrom\s+stdin\b/i.test(statement)) {
        const line = text.indexOf('\n', i);
        const stop = line < 0 ? -1 : endOfCopy(text, line + 1);
        if (stop >= 0) i = start = copied = stop;
      }
      continue;
    } else if (c === '\\') {
      const newline = text.indexOf('\n', i);
      const stop = newline < 0 ? text.length : newline;
      const meta = /^\\(!|\?|[A-Za-z_]+\+?|;|\\)?\s*/.exec(text.slice(i, Math.min(stop, i + 200)));
      const name = meta?.[1] ?? '';
      if (name === ';') {
        i += 2;
        continue;
      }
      const buffer = sql + text.slice(copied, i);
      const sends = /^(g|gx|gexec|gset|gdesc|crosstabview|watch|bind|bind_named|parse|sendpipeline)$/.test(
        name,
      );
      // Other commands leave the buffer as it is; the statement goes on behind them.
      if (sends) flush(i, stop);
      const argument = text.slice(i + (meta?.[0].length ?? 1), stop);
      pieces.push({
        kind: 'meta',
        name,
        argument: argument.trim(),
        buffer: buffer.trim(),
        start: i,
        end: stop,
      });
      if (!sends) {
        sql += text.slice(copied, i) + ' '.repeat(stop - i);
        copied = stop;
      }
      i = stop;
      continue;
    } else if (c === ':') {
      const variable = /:(?:'(\w+)'|"(\w+)"|\{\?\w+\}|([A-Za-z_]\w*))/y;
      variable.lastIndex = i;
      const found = text[i + 1] !== ':' && text[i - 1] !== ':' ? variable.exec(text) : null;
      if (found) {
        sql += text.slice(copied, i) + standIn(found[0]);
        i = copied = i + found[0].length;
        continue;
      }
      if (text[i + 1] === ':' || text[i + 1] === '=') i += 1;
    } else if (/[A-Za-z_]/.test(c)) {
      const word = /[A-Za-z_][\w$]*/y;
      word.lastIndex = i;
      const found = word.exec(text)![0];
      if (/^begin$/i.test(found) && /^\s+atomic\b/i.test(text.slice(i + 5, i + 40))) blocks += 1;
      else if (blocks > 0 && /^case$/i.test(found)) blocks += 1;
      else if (blocks > 0 && /^end$/i.test(found)) blocks -= 1;
      i += found.length;
      continue;
    }
    i += 1;
  }
  flush(text.length, text.length);
  return pieces;
}

/** psql's variables in a piece of script, as written, each with the word that stands in for it in the SQL. */
export function psqlVariables(
  text: string,
): readonly { readonly name: string; readonly written: string; readonly standIn: string }[] {
  const found = [...text.matchAll(/(?<!:):(?:'(\w+)'|"(\w+)"|([A-Za-z_]\w*))/g)];
  return found.map(([written, a, b, c]) => ({ name: (a ?? b ?? c)!, written, standIn: standIn(written) }));
}

/** A word of the same length that SQL takes where the variable stood. */
function standIn(variable: string): string {
  if (variable.startsWith(":'")) return `'_${variable.slice(2, -1)}'`;
  return `_${variable.slice(1).replace(/\W/g, '_')}`;
}

/** Where a quoted text, dollar-quoted text or comment that starts at `at` ends; `at` itself where none starts. */
function skipQuoted(text: string, at: number): number {
  const c = text[at]!;
  if (c === "'") {
    const escapes = /[eE]/.test(text[at - 1] ?? '') && !/\w/.test(text[at - 2] ?? '');
    let i = at + 1;
    while (i < text.length) {
      if (escapes && text[i] === '\\') i += 2;
      else if (text[i] === "'" && text[i + 1] === "'") i += 2;
      else if (text[i] === "'") return i + 1;
      else i += 1;
    }
    return text.length;
  }
  if (c === '"') {
    const close = text.indexOf('"', at + 1);
    return close < 0 ? text.length : close + 1;
  }
  if (c === '-' && text[at + 1] === '-') {
    const line = text.indexOf('\n', at);
    return line < 0 ? text.length : line;
  }
  if (c === '/' && text[at + 1] === '*') {
    const marks = /\/\*|\*\//g;
    marks.lastIndex = at;
    let open = 0;
    for (let found = marks.exec(text); found; found = marks.exec(text)) {
      open += found[0] === '/*' ? 1 : -1;
      if (open === 0) return marks.lastIndex;
    }
    return text.length;
  }
  if (c === '$') {
    const tag = /\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/y;
    tag.lastIndex = at;
    const found = tag.exec(text)?.[0];
    if (!found || /\w/.test(text[at - 1] ?? '')) return at;
    const close = text.indexOf(found, at + found.length);
    return close < 0 ? text.length : close + found.length;
  }
  return at;
}

function endOfCopy(text: string, at: number): number {
  const stop = /^\\\.[ \t\r]*$/gm;
  stop.lastIndex = at;
  const found = stop.exec(text);
  return found ? stop.lastIndex : text.length;
}
