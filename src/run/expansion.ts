/**
 * What a word becomes when the shell puts its variables in, after "Parameter Expansion" of POSIX: `$NAME`, `${NAME}`, a
 * default or a complaint that is not needed, an end cut off (`%`, `#`), a piece replaced (`/`, which is bash's). Undefined
 * where a variable is not known, or where something else decides: a command, a position, a pattern in quotes.
 */
export function expanded(text: string, values: Readonly<Record<string, string>>): string | undefined {
  if (/[`\\]|\$\(/.test(text)) return undefined;
  let open = false;
  const filled = text.replace(/\$(?:(\w+)|\{([^{}]*)\}|)/g, (_, bare?: string, braced?: string) => {
    const value = bare === undefined ? inBraces(braced ?? '', values) : values[bare];
    if (value === undefined) open = true;
    return value ?? '';
  });
  return open ? undefined : filled;
}

function inBraces(text: string, values: Readonly<Record<string, string>>): string | undefined {
  const [, name = '', operator = '', word = ''] =
    /^(\w+)(?:(##?|%%?|\/[/#%]?|:?[-=?])([\s\S]*))?$/.exec(text) ?? [];
  const value = values[name];
  if (value === undefined) return undefined;
  // An empty value would take the default.
  if (operator === '' || /^:?[-=?]$/.test(operator)) return value === '' && operator ? undefined : value;
  const [pattern = '', by = ''] = operator.startsWith('/') ? halves(word) : [word];
  const form = pattern === '' || /["'$[\]]/.test(word) ? undefined : formOf(pattern);
  if (form === undefined) return undefined;
  switch (operator) {
    case '#':
      return value.replace(new RegExp(`^${form.replaceAll('*', '*?')}`, 's'), '');
    case '##':
      return value.replace(new RegExp(`^${form}`, 's'), '');
    case '%':
      return value.replace(new RegExp(`^(.*)${form}$`, 's'), '$1');
    case '%%':
      return value.replace(new RegExp(`^(.*?)${form}$`, 's'), '$1');
    case '//':
      return value.replaceAll(new RegExp(form, 'gs'), () => by);
    case '/#':
      return value.replace(new RegExp(`^${form}`, 's'), () => by);
    case '/%':
      return value.replace(new RegExp(`${form}$`, 's'), () => by);
    default:
      return value.replace(new RegExp(form, 's'), () => by);
  }
}

/** `pattern/text` of a replacement; without a slash the text is empty. */
function halves(word: string): readonly [string, string] {
  const at = word.indexOf('/');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

/** A pattern of the shell as a regular expression. */
function formOf(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
