/** What a place in SQL text is in: decides how a value is written there. */
export type SqlPlace =
  | { readonly in: 'statement' | 'string' | 'escape string' | 'name' | 'comment' }
  /** The text between two equal dollar quotes, which nothing can escape. */
  | { readonly in: 'dollar quotes'; readonly mark: string };

const token =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[\w\u0080-\uffff$]/g;

/**
 * What each offset of an SQL text stands in, after PostgreSQL's "Lexical Structure": strings (with backslashes where
 * `E` stands before them), quoted names, dollar quotes, comments that nest. Offsets count UTF-16 code units.
 */
export function sqlPlaces(sql: string, offsets: readonly number[]): readonly SqlPlace[] {
  const spans: { start: number; end: number; place: SqlPlace }[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(sql); found; found = token.exec(sql)) {
    const [text] = found;
    const start = found.index;
    const after = sql[start - 1];
    const inWord = after !== undefined && /[\w\u0080-\uffff$]/.test(after);
    if (text === '/*') token.lastIndex = commentEnd(sql, start);
    else if (/^\$.*\$$/s.test(text) && text.length > 1) {
      if (inWord) continue;
      const close = sql.indexOf(text, start + text.length);
      token.lastIndex = close < 0 ? sql.length : close + text.length;
    }
    const place = placeOf(text, inWord);
    if (place) spans.push({ start, end: token.lastIndex, place });
  }
  return offsets.map(
    (at) => spans.find(({ start, end }) => start < at && at < end)?.place ?? { in: 'statement' },
  );
}

function placeOf(text: string, inWord: boolean): SqlPlace | undefined {
  if (text === '/*' || text.startsWith('--')) return { in: 'comment' };
  if (text.startsWith("'")) return { in: 'string' };
  if (/^[eE]'/.test(text)) return { in: inWord ? 'string' : 'escape string' };
  if (text.startsWith('"')) return { in: 'name' };
  return text.length > 1 ? { in: 'dollar quotes', mark: text } : undefined;
}

function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (const mark of sql.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return start + mark.index + 2;
  }
  return sql.length;
}

/** A value as it is written there; undefined where it cannot be. In a statement it stands as it is. */
export function inSql(value: string, place: SqlPlace): string | undefined {
  switch (place.in) {
    case 'statement':
      return value;
    case 'string':
      return value.replaceAll("'", "''");
    case 'escape string':
      return value.replaceAll('\\', '\\\\').replaceAll("'", "''");
    case 'name':
      return value.replaceAll('"', '""');
    case 'comment':
      return value
        .replace(/[\r\n]+/g, ' ')
        .replaceAll('*/', '* /')
        .replaceAll('/*', '/ *');
    case 'dollar quotes':
      return `${value}$`.includes(place.mark) || value.endsWith('$') ? undefined : value;
  }
}
