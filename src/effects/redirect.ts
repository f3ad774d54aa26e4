import type { Node } from '../syntax/shell.ts';
import type { Reader } from './call.ts';
import type { Input } from './input.ts';
import { readStartedFile } from './started-file.ts';
import type { Word } from './word.ts';

interface Redirect {
  readonly stdin?: Input;
  /** Standard output goes somewhere else than to the next command. */
  readonly stdout?: boolean;
}

/**
 * What a redirection does: `>` writes a file (and destroys one that exists), `>>` changes one, `<` and `<<<` feed the
 * command. `resolve` gives the target, which may be a lifted heredoc.
 */
export function readRedirect(
  node: Node,
  reader: Reader,
  resolve: (target: Node) => { readonly word?: Word; readonly heredoc?: Word },
): Redirect | undefined {
  if (node.type === 'herestring_redirect') {
    const target = node.namedChildren.at(-1);
    const word = target && resolve(target).word;
    return word ? { stdin: { kind: 'text', text: word } } : undefined;
  }
  if (node.type !== 'file_redirect') return undefined;
  const operator = node.children.find((child) => child && !child.isNamed)?.type ?? '';
  const descriptor = node.childForFieldName('descriptor')?.text;
  const target = node.childForFieldName('destination');
  const resolved = target ? resolve(target) : undefined;
  if (resolved?.heredoc) return { stdin: { kind: 'text', text: resolved.heredoc } };
  const path = resolved?.word;
  if (!path || target?.type === 'process_substitution') {
    return operator.startsWith('>')
      ? { stdout: true }
      : { stdin: { kind: 'pipe', from: 'process substitution' } };
  }
  const peer = /^\/dev\/(?:tcp|udp)\/(.+)$/.exec(path.text)?.[1];
  if (peer && operator !== '<') {
    reader.add('unknown', `sends to ${peer.replace('/', ':')}, and what listens there is not known`, path, {
      kind: 'service',
      name: peer,
    });
    return { stdout: true };
  }
  switch (operator) {
    case '<':
    case '<&':
      if (descriptor !== undefined && descriptor !== '0') return undefined;
      if (operator === '<&') return { stdin: { kind: 'pipe', from: `descriptor ${path.text}` } };
      return { stdin: path.text === '/dev/null' ? { kind: 'nothing' } : { kind: 'file', path } };
    case '>&':
    case '>&-':
    case '<&-':
      if (/^(\d+|-)$/.test(path.text)) return undefined;
      reader.writes(path);
      return { stdout: true };
    case '>>':
    case '&>>':
      if (!/^\/dev\/(null|stdout|stderr|tty)$/.test(path.text))
        reader.add('changes', `appends to ${path.text}`, path, { kind: 'path', name: path.text });
      readStartedFile(path, reader);
      return { stdout: descriptor !== '2' };
    case '<>':
      readStartedFile(path, reader);
      reader.add('changes', `opens ${path.text} for writing`, path, { kind: 'path', name: path.text });
      return { stdin: { kind: 'file', path } };
    default:
      reader.writes(path);
      return { stdout: descriptor !== '2' };
  }
}
