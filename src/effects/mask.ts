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
