import type { Word } from '../effects/word.ts';
import type { Node } from '../syntax/shell.ts';
import type { Frame } from './frame.ts';

/** The frame with what a redirection changes in it. `word` and `heredoc` give what its target is. */
export function redirected(
  node: Node,
  frame: Frame,
  word: (target: Node) => Word,
  heredoc: (target: Node) => Word | undefined,
): Frame {
  if (node.type === 'herestring_redirect') {
    const target = node.namedChildren.at(-1);
    return target ? { ...frame, feed: { kind: 'text', text: word(target) } } : frame;
  }
  const target = node.type === 'file_redirect' ? node.childForFieldName('destination') : null;
  if (!target) return frame;
  const body = heredoc(target);
  if (body) return { ...frame, feed: { kind: 'text', text: body } };
  const operator = node.children.find((child) => child && !child.isNamed)?.type ?? '';
  const descriptor = node.childForFieldName('descriptor')?.text;
  const path = word(target);
  if (operator === '<' && (descriptor === undefined || descriptor === '0'))
    return { ...frame, feed: path.text === '/dev/null' ? { kind: 'nothing' } : { kind: 'file', path } };
  if (/^&?>>?\|?$/.test(operator) && descriptor !== '2')
    return { ...frame, output: { file: path, appends: operator.includes('>>') } };
  return frame;
}
