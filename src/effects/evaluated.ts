import type { Reader } from './call.ts';
import { type Span, type Word, wordOf } from './word.ts';

/**
 * Text that the shell expands once more although its quotes are gone: subscripts of arrays in arithmetic
 * (`let 'a[$(…)]'`, `[[ -v 'a[$(…)]' ]]`, `printf -v`), prompts (`PS4`). Commands in it run.
 */
export function readEvaluated(word: Word, reader: Reader, span: Span): undefined {
  if (!/\$\(|`/.test(word.text)) return;
  if (!word.known) return reader.add('unknown', `what ${word.text} runs is known only when it runs`, span);
  reader.shell(wordOf(`: ${word.text}`, span), { span });
}

/**
 * Text that waits in a variable or an argument: where arithmetic reckons with it, `a[$(…)]` runs what stands in the
 * subscript, whatever quotes it came in. Nobody writes such text for anything else.
 */
export function readSubscripts(word: Word, reader: Reader, span: Span): undefined {
  if (word.known && /\w\[[^\]]*(?:\$\(|`[^`]*`)/.test(word.text)) readEvaluated(word, reader, span);
}

/** What the shell runs by itself once a variable is set: `PROMPT_COMMAND` at each prompt, what stands in `PS4`. */
export function readPrompts(name: string, word: Word, reader: Reader, span: Span): undefined {
  if (/^PS[0-4]$/.test(name)) return readEvaluated(word, reader, span);
  if (name !== 'PROMPT_COMMAND' || word.text.trim() === '') return;
  if (!word.known) return reader.add('unknown', `what PROMPT_COMMAND runs is known only when it runs`, span);
  reader.shell(wordOf(word.text, span), { span });
}
