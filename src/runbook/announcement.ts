import type { ListItem, RootContent } from 'mdast';
import { plainText } from './wording.ts';

/** True for the word "or" that stands between two blocks. */
export function isOr(node: RootContent | undefined): boolean {
  return (
    node?.type === 'paragraph' && /^(?:or|alternatively)\b(?:\W*$|[^.]{0,80}:\s*$)/i.test(plainText(node))
  );
}

/**
 * Only the paragraph right before a block belongs to it, or a list there with the paragraph that announces it; what
 * stands earlier introduces the procedure.
 */
export function lastWords(lead: readonly RootContent[]): readonly RootContent[] {
  const last = lead[lead.length - 1];
  // "Alternatively, by command:" is one of two ways; the other stands before it.
  if (isOr(last) && lead.length > 1) return lead.slice(lead.at(-2)?.type === 'code' ? -3 : -2);
  const from = last?.type === 'list' && last.children.length > 1 ? lead.length - 2 : lead.length - 1;
  const words = lead[from];
  if (words?.type === 'paragraph' && /:\s*$/.test(plainText(words))) return lead.slice(from);
  return last?.type === 'list' ? [last] : [];
}

/** "Restore procedure:", "Do the following:": what comes is to be done, if only most of it reads so. */
export function announcesDoing(node: RootContent | undefined): boolean {
  return (
    node?.type === 'paragraph' &&
    /\b(?:steps|procedure|do the following|as follows|following (?:steps|actions|things|commands))\b[^.]*:\s*$/i.test(
      plainText(node),
    )
  );
}

/** "There are two main options for rolling back.": what is numbered then are ways, not steps. */
export function announcesWays(nodes: readonly RootContent[]): boolean {
  const ways =
    /\b(?:two|three|four|several|following|multiple|different|various|these)\b[^.:]{0,40}\b(?:options|ways|methods|approaches|alternatives|possibilities|strategies)\b(?! (?:is|was))/i;
  return nodes.some((node) => node.type === 'paragraph' && ways.test(plainText(node)));
}

const counts = ['two', 'three', 'four', 'five', 'six'];

/** How many ways a paragraph announces: 3 for "There are three flavours:"; undefined where it counts none. */
export function countsWays(text: string): number | undefined {
  const found =
    /\b(two|three|four|five|six|[2-6])\b (?:[\w-]+ ){0,2}(?:options|ways|methods|approaches|alternatives|possibilities|variants|flavou?rs)\b[^.:]{0,60}:\s*$/i.exec(
      text,
    )?.[1];
  if (found === undefined) return undefined;
  const word = counts.indexOf(found.toLowerCase());
  return word < 0 ? Number(found) : word + 2;
}

/** "3. Or use the method below": an item that is no step, it says that there is another way. */
export function pointsElsewhere(item: ListItem): boolean {
  return (
    item.children.length === 1 &&
    /^(?:or|alternatively)\b[^.]{1,80}\b(?:below|above|option \w+|section)\W*$/i.test(
      plainText(item.children[0]),
    )
  );
}

/** True where an ordered list further on, before any label, goes on with the number. */
export function continues(ahead: readonly RootContent[], next: number): boolean {
  for (const node of ahead) {
    if (node.type === 'list' && node.ordered) return (node.start ?? 1) === next;
    if (node.type === 'heading') return false;
  }
  return false;
}
