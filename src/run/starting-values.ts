import { isStarting } from '../effects/starting-variable.ts';
import { type Node, parseShell } from '../syntax/shell.ts';

/**
 * What a finished command has made of the variables that make others start something (`PATH`, `PAGER`), by name: the value
 * as its text has it; a name that holds nobody knows what where the text has none (a sourced file set it); null where the
 * text unsets it. `changed` tells which of them it changed. `loadShell` must have been awaited.
 */
export function startingValues(text: string, changed: readonly string[]): ReadonlyMap<string, string | null> {
  const names = changed.filter(isStarting);
  const found = new Map<string, string | null>();
  if (names.length === 0) return found;
  const tree = parseShell(text);
  for (const name of names) {
    const assigned = tree.rootNode
      .descendantsOfType('variable_assignment')
      .findLast((node) => node?.childForFieldName('name')?.text === name);
    const unset = tree.rootNode
      .descendantsOfType('unset_command')
      .some((node) => node?.namedChildren.some((child) => child?.text === name));
    found.set(name, assigned ? assignedText(assigned) : unset ? null : `$${name}_OF_THIS_RUN`);
  }
  tree.delete();
  return found;
}

function assignedText(assignment: Node): string {
  const value = assignment.childForFieldName('value')?.text ?? '';
  return value.replace(/^(["'])([\s\S]*)\1$/, '$2');
}
