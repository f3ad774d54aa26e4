import type { Node } from './shell.ts';

/**
 * The words of a command that stand behind one of its redirections: `psql < /dev/null -c '…'`. To the shell they are
 * arguments like the others; the grammar counts them to the redirection, which may stand around a list or a pipeline
 * whose last command it is. In their order.
 */
export function wordsBehindRedirections(command: Node): readonly Node[] {
  const found: Node[] = [];
  let child = command;
  for (let parent = command.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'redirected_statement') {
      if (parent.childForFieldName('body')?.id !== child.id) break;
      for (const redirect of parent.namedChildren) if (redirect) found.push(...wordsIn(redirect));
    } else {
      if (!/^(list|pipeline|negated_command)$/.test(parent.type)) break;
      if (parent.namedChildren.findLast((each) => each?.type !== 'comment')?.id !== child.id) break;
    }
  }
  return found.sort((a, b) => a.startIndex - b.startIndex);
}

function wordsIn(redirect: Node): readonly Node[] {
  switch (redirect.type) {
    case 'file_redirect':
      return redirect
        .childrenForFieldName('destination')
        .slice(1)
        .filter((each) => each !== null);
    case 'heredoc_redirect':
      return redirect.childrenForFieldName('argument').filter((each) => each !== null);
    default:
      return [];
  }
}
