/** One here-document, lifted out of a script. Offsets count UTF-16 code units of the script. */
export interface Heredoc {
  /** The character that stands in the lifted text where the operator stood. */
  readonly mark: string;
  /** The delimiter was quoted: nothing in the body is expanded. */
  readonly quoted: boolean;
  /** As the command reads it: leading tabs gone for `<<-`. */
  readonly body: string;
  readonly start: number;
  readonly end: number;
  /** False where the delimiter never comes; bash then takes everything to the end. */
  readonly closed: boolean;
}

export interface Lifted {
  /** As long as the script: each operator became a redirection `<` from the mark, each body became blanks. */
  readonly text: string;
  readonly heredocs: readonly Heredoc[];
}

const firstMark = 0xe000;
const lastMark = 0xf8ff;

interface Waiting {
  readonly mark: string;
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly tabs: boolean;
}

/**
 * Takes the here-documents out of a shell script, keeping every other offset. The grammar of tree-sitter-bash loses
 * its way where two of them share a line or where `2>&1` follows one; a plain redirection it always reads.
 * After the POSIX rules: bodies begin at the next newline, in the order of their operators.
 */
export function liftHeredocs(text: string): Lifted {
  if (!text.includes('<<')) return { text, heredocs: [] };
  const out: string[] = [];
  let copied = 0;
  const replace = (start: number, end: number, by: string) => {
    out.push(text.slice(copied, start), by);
    copied = end;
  };
  const heredocs: Heredoc[] = [];
  let waiting: Waiting[] = [];
  // What the scanner stands in: c code, d double quotes, s $( … ), p plain parentheses, b backquotes, a arithmetic.
  const stack: string[] = ['c'];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    const state = stack[stack.length - 1]!;
    if (c === '\\') {
      i += 2;
    } else if (state === 'd') {
      if (c === '"') stack.pop();
      else if (text.startsWith('$((', i)) stack.push('a');
      else if (text.startsWith('$(', i)) stack.push('s');
      else if (c === '`') stack.push('b');
      i += text.startsWith('$((', i) ? 3 : text.startsWith('$(', i) ? 2 : 1;
    } else if (state === 'a') {
      if (text.startsWith('))', i)) {
        stack.pop();
        i += 2;
      } else i += 1;
    } else if (c === "'") {
      const close = text.indexOf("'", i + 1);
      i = close < 0 ? text.length : close + 1;
    } else if (c === '"') {
      stack.push('d');
      i += 1;
    } else if (c === '`') {
      if (state === 'b') stack.pop();
      else stack.push('b');
      i += 1;
    } else if (
      text.startsWith('$((', i) ||
      (text.startsWith('((', i) && /(^|[\s;&|])$/.test(text.slice(Math.max(0, i - 1), i)))
    ) {
      stack.push('a');
      i += c === '$' ? 3 : 2;
    } else if (text.startsWith('$(', i)) {
      stack.push('s');
      i += 2;
    } else if (c === '(') {
      stack.push('p');
      i += 1;
    } else if (c === ')') {
      if (state === 's' || state === 'p') stack.pop();
      i += 1;
    } else if (c === '#' && (i === 0 || /[\s;&|(]/.test(text[i - 1]!))) {
      const line = text.indexOf('\n', i);
      i = line < 0 ? text.length : line;
    } else if (text.startsWith('<<<', i)) {
      i += 3;
    } else if (text.startsWith('<<', i) && firstMark + heredocs.length + waiting.length <= lastMark) {
      const operator = operatorAt(text, i);
      if (!operator) {
        i += 2;
        continue;
      }
      const mark = String.fromCharCode(firstMark + heredocs.length + waiting.length);
      replace(i, operator.end, `<${mark.repeat(operator.end - i - 1)}`);
      waiting.push({ mark, ...operator });
      i = operator.end;
    } else if (c === '\n' && waiting.length > 0) {
      for (const each of waiting) {
        // Past the newline: of the operators' line first, then of each delimiter's.
        i = Math.min(i + 1, text.length);
        const found = bodyAt(text, i, each);
        heredocs.push(found.heredoc);
        replace(i, found.next, text.slice(i, found.next).replace(/[^\n]/g, ' '));
        i = found.next;
      }
      waiting = [];
    } else i += 1;
  }
  for (const { mark, quoted } of waiting)
    heredocs.push({ mark, quoted, body: '', start: text.length, end: text.length, closed: false });
  out.push(text.slice(copied));
  return { text: out.join(''), heredocs };
}

function operatorAt(text: string, at: number) {
  const operator = /<<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\`$])+)/y;
  operator.lastIndex = at;
  const found = operator.exec(text);
  if (!found) return undefined;
  const raw = found[2]!;
  const delimiter = raw.replace(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? '',
  );
  return { delimiter, quoted: delimiter !== raw, tabs: found[1] === '-', end: operator.lastIndex };
}

function bodyAt(text: string, start: number, waiting: Waiting): { heredoc: Heredoc; next: number } {
  let line = start;
  while (line < text.length) {
    const newline = text.indexOf('\n', line);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(line, end);
    if ((waiting.tabs ? content.replace(/^\t+/, '') : content) === waiting.delimiter)
      return { heredoc: made(text, start, line, waiting, true), next: end };
    line = end + 1;
  }
  return { heredoc: made(text, start, text.length, waiting, false), next: text.length };
}

function made(text: string, start: number, end: number, waiting: Waiting, closed: boolean): Heredoc {
  const raw = text.slice(start, end);
  const body = waiting.tabs ? raw.replace(/^\t+/gm, '') : raw;
  return { mark: waiting.mark, quoted: waiting.quoted, body, start, end, closed };
}
