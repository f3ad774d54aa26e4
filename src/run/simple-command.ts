import { wordsBehindRedirections } from '../syntax/behind-redirection.ts';
import { type Node, parseShell } from '../syntax/shell.ts';

/** One command of a shell text, as written. */
export interface SimpleCommand {
  readonly tool: string;
  /** Without the quotes around a whole word. */
  readonly words: readonly string[];
  readonly start: number;
  readonly end: number;
  /** The whole text would have failed if it had. */
  readonly decides: boolean;
  /** The file that its standard output goes to by `>`. */
  readonly output?: string;
  /** Its standard output goes to another command. */
  readonly piped: boolean;
}

/** Every command of a text that runs with it, in order. `loadShell` must have been awaited. */
export function simpleCommands(text: string): readonly SimpleCommand[] {
  const tree = parseShell(text);
  const found: SimpleCommand[] = [];
  const visit = (node: Node, decides: boolean, output: string | undefined, piped: boolean): void => {
    // What stands in a function runs when it is called, if ever.
    if (node.type === 'function_definition') return;
    if (node.type === 'command') found.push(simple(node, decides, output, piped));
    const file = node.type === 'redirected_statement' ? fileOf(node) : undefined;
    const children = node.namedChildren.filter((child) => child && child.type !== 'comment');
    const background = node.children.at(-1)?.type === '&';
    for (const [index, child] of children.entries()) {
      const last = index === children.length - 1 && !background;
      const inPipe = piped || (node.type === 'pipeline' && !last);
      // In `a && b > file` and `a | b > file` the file is b's.
      const inherited = last && (node.type === 'list' || node.type === 'pipeline') ? output : undefined;
      visit(child!, decides && passesOn(node, child!, last), file ?? inherited, inPipe);
    }
  };
  visit(tree.rootNode, true, undefined, false);
  tree.delete();
  return found;
}

/** Whether a failure of this part is a failure of the whole. A pipeline's hidden failure is one of its own. */
function passesOn(node: Node, child: Node, last: boolean): boolean {
  switch (node.type) {
    case 'program':
    case 'subshell':
    case 'compound_statement':
      return last;
    case 'list':
      return node.children.every((each) => each?.type !== '||');
    case 'pipeline':
      return true;
    case 'redirected_statement':
      return child.id === node.childForFieldName('body')?.id;
    default:
      return false;
  }
}

/** The file of a `>` that takes all of a command's output. */
function fileOf(node: Node): string | undefined {
  for (const redirect of node.namedChildren) {
    if (redirect?.type !== 'file_redirect') continue;
    const operator = redirect.children.find((child) => child && !child.isNamed)?.type;
    const descriptor = redirect.childForFieldName('descriptor')?.text ?? '1';
    const target = redirect.childForFieldName('destination')?.text;
    if ((operator === '>' || operator === '>|') && descriptor === '1' && target) return unquoted(target);
  }
  return undefined;
}

function simple(node: Node, decides: boolean, output: string | undefined, piped: boolean): SimpleCommand {
  const { startIndex: start, endIndex: end } = node;
  return { ...wordsOf(node), start, end, decides, piped, ...(output !== undefined && { output }) };
}

/** The tool and the words of a `command` node. */
export function wordsOf(node: Node): Pick<SimpleCommand, 'tool' | 'words'> {
  const [tool = '', ...words] = [
    ...node.namedChildren.filter(
      (child) => child && child.type !== 'variable_assignment' && !child.type.endsWith('_redirect'),
    ),
    ...wordsBehindRedirections(node),
  ].map((child) => unquoted(child!.text));
  return { tool: tool.slice(tool.lastIndexOf('/') + 1), words };
}

/** A word without the quotes around all of it. */
export function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}
