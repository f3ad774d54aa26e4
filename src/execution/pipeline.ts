/** One part of a pipeline: the program and its arguments, as far as plain words tell. */
export interface PipelinePart {
  readonly program: string;
  readonly words: readonly string[];
}

/** Words that only prepare what runs. */
const prefixes = new Set([
  'sudo',
  'env',
  'time',
  'command',
  'exec',
  'nice',
  'nohup',
  '!',
  'builtin',
  'stdbuf',
]);

/**
 * The parts of the last pipeline of a text, for the explanation of its exit codes: quotes, escapes and brackets are
 * respected, nothing is expanded. Empty where the text ends in something else than a pipeline of simple commands.
 */
export function lastPipeline(text: string): readonly PipelinePart[] {
  let parts: string[] = [''];
  let depth = 0;
  let quote = '';
  let word = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const next = text[at + 1];
    const add = (piece: string) => {
      parts[parts.length - 1] += piece;
      word = /[\s;|&()]/.test(piece) ? '' : word + piece;
    };
    if (quote !== '') {
      if (char === '\\' && quote === '"') add(char + (text[++at] ?? ''));
      else {
        add(char);
        if (char === quote) quote = '';
      }
    } else if (char === '\\') {
      if (next !== '\n') add(char + (next ?? ''));
      at++;
    } else if (char === "'" || char === '"' || char === '`') {
      quote = char;
      add(char);
    } else if (char === '#' && word === '') {
      while (at + 1 < text.length && text[at + 1] !== '\n') at++;
    } else if (char === '(' || char === '{') {
      depth++;
      add(char);
    } else if (char === ')' || char === '}') {
      depth--;
      add(char);
    } else if (depth > 0) add(char);
    else if (char === '|' && next !== '|' && text[at - 1] !== '>') {
      if (next === '&') at++;
      parts.push('');
      word = '';
    } else if (char === '&' && (next === '>' || text[at - 1] === '>' || text[at - 1] === '<')) add(char);
    else if (char === ';' || char === '\n' || char === '&' || char === '|') {
      if (next === char) at++;
      if (
        /\S/.test(text.slice(at + 1)) &&
        !(char === '\n' && parts.at(-1)!.trim() === '' && parts.length > 1)
      ) {
        parts = [''];
      }
      word = '';
    } else add(char);
  }
  return parts.map(part).filter((found) => found.program !== '');
}

function part(text: string): PipelinePart {
  const words = text.trim().split(/\s+/);
  while (words.length > 0 && (/^[A-Za-z_]\w*\+?=/.test(words[0]!) || prefixes.has(words[0]!))) words.shift();
  const program = (words[0] ?? '').replace(/^.*\//, '');
  return { program, words };
}
