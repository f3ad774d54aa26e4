/**
 * Puts the number of the last background process in the place of `$!`, where the text itself starts none. A runbook
 * writes `port-forward … &` and `PID=$!` as two statements, which run in two shells here, and bash lets nobody set `$!`.
 * Single quotes and escapes are respected. A text that starts a background process of its own comes back as it is.
 */
export function withLastBackground(text: string, pid: number | undefined): string {
  if (pid === undefined || !/\$(?:!|\{!\})/.test(text)) return text;
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const rest = text.slice(at, at + 4);
    if (char === '\\' && quote !== "'") out += char + (text[++at] ?? '');
    else if (char === "'" && quote !== '"') {
      quote = quote === "'" ? '' : "'";
      out += char;
    } else if (char === '"' && quote !== "'") {
      quote = quote === '"' ? '' : '"';
      out += char;
    } else if (quote !== "'" && rest.startsWith('${!}')) {
      out += pid;
      at += 3;
    } else if (quote !== "'" && rest.startsWith('$!')) {
      out += pid;
      at += 1;
    } else if (quote === '' && char === '&' && startsBackground(text, at)) return text;
    else out += char;
  }
  return out;
}

/** Not `&&`, and not the `&` of a redirection (`>&`, `<&`, `&>`) or of `|&`. */
function startsBackground(text: string, at: number): boolean {
  const before = text[at - 1] ?? '';
  const after = text[at + 1] ?? '';
  return before !== '&' && after !== '&' && !/[<>|]/.test(before) && after !== '>';
}
