import type { Node } from '../syntax/shell.ts';

/** The children that the grammar names. */
export function named(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child !== null);
}

/** The variable that an assignment sets; the array's name for `a[1]=x`. */
export function nameOf(assignment: Node): string {
  const name = assignment.childForFieldName('name');
  return name?.type === 'subscript' ? (name.childForFieldName('name')?.text ?? '') : (name?.text ?? '');
}

/** The name of the first command in a statement, as written. */
export function firstWord(node: Node): string {
  return node.descendantsOfType('command_name')[0]?.text ?? node.type;
}

/** The first node that the grammar could not fit in. */
export function faultIn(node: Node): Node | undefined {
  let at: Node | undefined = node;
  while (at) {
    if (at.isError || at.isMissing) return at;
    at = at.children.find((child): child is Node => child !== null && (child.hasError || child.isMissing));
  }
  return undefined;
}
