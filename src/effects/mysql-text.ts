/**
 * MySQL's text as PostgreSQL's lexer takes it to mean the same: what stands in `/*!…* /` runs, two dashes are a comment
 * only before a blank, a backslash escapes in strings, and the client's words (`system`, `pager`, `tee`, `source`) are
 * its backslash commands. After "Comments" and "mysql Client Commands" of MySQL's manual.
 */
export function mysqlText(text: string): string {
  const token =
    /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`[^`]*`|\/\*M?!\d*|\/\*[\s\S]*?\*\/|\*\/|--(?=\S)|--[^\n]*|#[^\n]*/g;
  let open = 0;
  const plain = text.replace(token, (found) => {
    const quote = found[0]!;
    if (quote === "'" || quote === '"')
      return (
        quote +
        found
          .slice(1, -1)
          .replace(/\\([\s\S])/g, (_, c: string) => (c === quote ? quote + quote : c === '\\' ? '/' : c)) +
        quote
      );
    if (/^\/\*M?!/.test(found)) {
      open += 1;
      return ' ';
    }
    if (found === '*/') {
      if (open > 0) open -= 1;
      return ' ';
    }
    if (found === '--') return '- -';
    return found;
  });
  return plain.replace(
    /^([ \t]*)(system|pager|tee|source)[ \t]+(\S[^\n]*)$/gim,
    (_, lead: string, word: string, rest: string) => {
      const letter = { system: '!', pager: 'P', tee: 'T', source: '.' }[word.toLowerCase()]!;
      return `${lead}\\${letter} ${rest.replace(/;\s*$/, '')}`;
    },
  );
}
