import type { List, RootContent } from 'mdast';
import { isWholeCommand } from './doing-words.ts';
import type { DraftStep } from './draft.ts';
import { titleEstimate } from './estimate-reading.ts';
import { labelOf } from './label.ts';
import { plainText, shorten } from './wording.ts';
import type { Material } from './workshop.ts';

/** An item of a list as a step: its first words are the title, the rest is what it is made of. */
export function itemStep(
  children: readonly RootContent[],
  number: string | undefined,
  start: number,
  end: number,
  checked: boolean | null | undefined,
): DraftStep {
  const [first, ...rest] = children;
  const text = first ? plainText(first) : '';
  const { title, estimate } = titleEstimate(itemTitle(first, text));
  const materials: Material[] = [];
  const saysMore = text.replace(/[:.\s]+$/, '').length > title.length + 2;
  if (first && first.type !== 'paragraph') materials.push(first);
  else if (first && (saysMore || 'children' in first) && checked == null && (saysMore || hasCode(first)))
    materials.push(first);
  else if (first && checked == null && isWholeCommand(text)) materials.push(first);
  materials.push(...rest);
  return {
    kind: 'step',
    title,
    start,
    end,
    materials,
    ...(number && { number }),
    ...(estimate && { estimate }),
  };
}

/** A task item whose content makes a step keeps its tick. */
export function checkOnly(list: List, index: number): RootContent {
  const item = list.children[index]!;
  return { ...list, children: [{ ...item, children: item.children.slice(0, 1) }] };
}

function itemTitle(first: RootContent | undefined, text: string): string {
  const label = first ? labelOf(first) : undefined;
  if (text.length <= 80) return shorten(text, 90);
  if (label) return shorten(label.name, 90);
  if (first?.type === 'paragraph' && first.children[0]?.type === 'strong') {
    const bold = plainText(first.children[0]);
    if (bold.length > 3) return shorten(bold, 90);
  }
  return shorten(text, 90);
}

function hasCode(node: RootContent): boolean {
  return (
    'children' in node &&
    node.children.some(
      (child) => child.type === 'inlineCode' || ('children' in child && hasCode(child as RootContent)),
    )
  );
}
