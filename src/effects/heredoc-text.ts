import type { Heredoc } from '../syntax/heredoc.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import { resolveWord, type Span, type Values, type Word } from './word.ts';

/**
 * A heredoc's text as its command gets it. `substitutions` is called with the tree of a body in which commands may run;
 * `exact`: the body stands in the given text letter by letter.
 */
export function heredocText(
  heredoc: Heredoc,
  values: Values,
  span: Span,
  exact: boolean,
  substitutions: (tree: Node) => undefined,
): Word {
  const letterByLetter = exact && heredoc.body.length === heredoc.end - heredoc.start;
  const verbatim: Word = {
    text: heredoc.body,
    known: true,
    quoted: true,
    offset: letterByLetter ? span.start : -1,
    ...span,
  };
  if (heredoc.quoted || !/[$`\\]/.test(heredoc.body)) return verbatim;
  // Read as the inside of double quotes, where a double quote of the body is a letter like others.
  const tree = parseShell(`"${heredoc.body.replaceAll('"', "'")}"`);
  try {
    const string = tree.rootNode.descendantsOfType('string')[0];
    substitutions(tree.rootNode);
    if (!string || tree.rootNode.hasError) return { ...verbatim, known: false };
    const resolved = resolveWord(string, values, () => span);
    const untouched = resolved.text === heredoc.body.replaceAll('"', "'");
    return {
      ...verbatim,
      text: untouched ? heredoc.body : resolved.text,
      known: resolved.known,
      offset: untouched ? verbatim.offset : -1,
    };
  } finally {
    tree.delete();
  }
}

/** A heredoc as the word behind `<<<` that means the same. */
export function asHereString(heredoc: Heredoc): string {
  if (heredoc.quoted) return `<<< '${heredoc.body.replaceAll("'", "'\\''")}'`;
  return `<<< "${heredoc.body.replaceAll('"', '\\"')}"`;
}
