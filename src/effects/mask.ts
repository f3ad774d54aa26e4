const open = '\u2039';
const close = '\u203a';
const blank = '\u2007';

/** `<host>` and the like: letters, no blank beside the brackets, and no file name right behind. */
const placeholder =
  /(?<![<\w-])<([A-Za-z_][\w.:/@-]*(?: [\w.:/@-]+){0,6})>(?![A-Za-z0-9>(])|(?<=[\w/@:=.-])<([A-Za-z_][\w-]*)>(?=[\w./:@"'\s-]|$)/g;

/**
 * Placeholders in angle brackets are redirections to the shell. Here they become plain words of the same length, so
 * that a command that still waits for its values can be read.
 */
export function maskPlaceholders(text: string): string {
  return text.includes('<')
    ? text.replace(placeholder, (whole) => `${open}${whole.slice(1, -1).replaceAll(' ', blank)}${close}`)
    : text;
}

/** Gives a masked text its brackets back. */
export function unmask(text: string): string {
  return text.replaceAll(open, '<').replaceAll(close, '>').replaceAll(blank, ' ');
}

/** `coproc NAME { …; }`, also with a loop or a condition: the keyword and the name, where a compound command follows. */
const keyword =
  /(?<=^|[;&|(){}\n`]|\b(?:then|do|else|time)\s)([ \t]*)(coproc(?:[ \t]+\w+)?)(?=[ \t]*(?:[({]\s|\(|(?:if|while|until|for|case|select|\[\[)\s))/g;

/** The grammar knows no `coproc`: blanks of the same length leave what it runs in the background. */
export function maskCoproc(text: string): string {
  return text.includes('coproc')
    ? text.replace(keyword, (_, before: string, words: string) => before + ' '.repeat(words.length))
    : text;
}
