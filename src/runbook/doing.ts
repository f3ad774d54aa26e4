import type { Code, List, ListItem, RootContent } from 'mdast';
import { isWholeCommand } from './doing-words.ts';
import { isBareCommand } from './prompt.ts';
import { isReferenceTitle } from './section-title.ts';
import { shownOnly } from './shown-only.ts';
import { isDoingTable } from './table-steps.ts';
import { asksToDo, plainText } from './wording.ts';
import { holdsBlock, isDone, type Workshop } from './workshop.ts';

/** True where a node holds something to do: commands, task items, or a list of things to do. */
export function isDoing(node: RootContent, shop: Workshop, title: string): boolean {
  switch (node.type) {
    case 'code':
      return isDoingBlock(node, shop) || mayBeTyped(node, shop, title);
    case 'html':
      return (shop.insideHtml.get(node) ?? []).some((reading) => reading.block.role === 'commands');
    case 'paragraph':
      return startsWithCommand(node);
    case 'table':
      return isDoingTable(node, title);
    case 'blockquote':
    case 'footnoteDefinition':
      return holdsBlock(node, shop, true);
    case 'list':
      if (holdsBlock(node, shop, true)) return true;
      if (isReferenceTitle(title)) return false;
      if (node.children.some((item) => item.checked !== null && item.checked !== undefined)) return true;
      return (
        runsMostly(node) ||
        asksOrRuns(node) ||
        (isDoingList(node, shop) &&
          (node.ordered === true ||
            node.children.every((item) => {
              const text = plainText(item.children[0] ?? item);
              return asksToDo(text) || isBareCommand(text) || innerSteps(item, shop) !== undefined;
            })))
      );
    default:
      return false;
  }
}

/** True for a block of commands, for whatever shell, or of what belongs into a file. */
export function isDoingBlock(node: Code, shop: Workshop): boolean {
  const reading = shop.readings.get(node);
  return isDone(reading) || reading?.block.role === 'file';
}

/**
 * True for commands that are only announced as output: an operator who knows better has to find a step to read them at.
 * Not below a heading that is the announcement.
 */
export function mayBeTyped(node: RootContent, shop: Workshop, title: string): boolean {
  if (node.type !== 'code') return false;
  const { guess, role } = shop.readings.get(node)?.block ?? {};
  return (
    role === 'sample' &&
    guess?.reason === 'announced as output' &&
    guess.otherwise === 'commands' &&
    shownOnly(`${title}:`) === undefined
  );
}

/** True where an ordered list is a sequence of things to do: most items ask for something, or hold commands. */
export function isDoingList(list: List, shop: Workshop): boolean {
  if (list.children.length === 0) return false;
  let doing = 0;
  let linksOnly = 0;
  for (const item of list.children) {
    const first = item.children[0];
    if (first?.type === 'paragraph' && first.children.length === 1 && first.children[0]!.type === 'link')
      linksOnly++;
    if (
      holdsBlock(item as unknown as RootContent, shop, true) ||
      asksToDo(plainText(first ?? item)) ||
      innerSteps(item, shop)
    )
      doing++;
  }
  return linksOnly < list.children.length && doing * 2 >= list.children.length;
}

/**
 * The numbered steps that an item holds. Below a bullet ("- On the replica:") any that are things to do; below a number
 * only those with commands, since what is clicked one after the other there is what that one step is about.
 */
export function innerSteps(item: ListItem, shop: Workshop, numbered = false): List | undefined {
  return item.children.find(
    (child): child is List =>
      child.type === 'list' &&
      child.ordered === true &&
      child.children.length > 1 &&
      (!numbered || holdsBlock(child, shop, true)) &&
      isDoingList(child, shop),
  );
}

/** A list that asks for most of what it holds, and gives the command for at least three items: a procedure in bullets. */
function asksOrRuns(list: List): boolean {
  let commands = 0;
  let asked = 0;
  for (const item of list.children) {
    const first = item.children[0];
    const runs =
      first?.type === 'paragraph' &&
      first.children.some((child) => child.type === 'inlineCode' && isWholeCommand(child.value.trim()));
    if (runs) commands++;
    else if (asksToDo(plainText(first ?? item))) asked++;
  }
  return commands >= 3 && asked >= 2 && (commands + asked) * 4 >= list.children.length * 3;
}

/** A list of which at least half the items are nothing but a command, as plain text or as code. */
function runsMostly(list: List): boolean {
  const commands = list.children.filter((item) => {
    const [only, ...others] = item.children[0]?.type === 'paragraph' ? item.children[0].children : [];
    if (only?.type === 'inlineCode' && others.length === 0) return isWholeCommand(only.value.trim());
    return only?.type === 'text' && isBareCommand(plainText(item.children[0]));
  }).length;
  return commands >= 2 && commands * 2 >= list.children.length;
}

/** A sentence that shows a command first: "`wal-g get-stream NAME file` writes the file". */
export function startsWithCommand(node: RootContent): boolean {
  const first = node.type === 'paragraph' ? node.children[0] : undefined;
  return (
    first?.type === 'inlineCode' &&
    isWholeCommand(first.value.trim()) &&
    /\s-|[/|<>=]|\s[A-Z][A-Z_]{2,}/.test(first.value)
  );
}
