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
