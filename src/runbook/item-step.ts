import type { List, ListItem, RootContent } from 'mdast';
import { innerSteps } from './doing.ts';
import { isWholeCommand } from './doing-words.ts';
import type { DraftStep } from './draft.ts';
import { titleEstimate } from './estimate-reading.ts';
import { labelOf } from './label.ts';
import { endOf, startOf } from './section.ts';
import { plainText, shorten } from './wording.ts';
import type { Material, Workshop } from './workshop.ts';

/**
 * An item of a list as a step, or as several where numbered steps stand in it: then its own words, and what stands
 * before them, lead the first of these, and what stands behind them ends the last.
 */
export function stepsOfItem(
  item: ListItem,
  number: string | undefined,
  shop: Workshop,
): readonly [DraftStep, ...DraftStep[]] {
  const children = item.children as RootContent[];
  const start = startOf(item as unknown as RootContent);
  const whole = (): [DraftStep] => [
    itemStep(children, number, start, endOf(item as unknown as RootContent), item.checked),
  ];
  const inner = innerSteps(item, shop, number !== undefined);
  if (!inner) return whole();
  const at = children.indexOf(inner);
  const from = inner.start ?? 1;
  const steps = inner.children.map((one, index) =>
    itemStep(
      one.children as RootContent[],
      number ? `${number}.${from + index}` : String(from + index),
      startOf(one as unknown as RootContent),
      endOf(one as unknown as RootContent),
      one.checked,
    ),
  );
  const [first, ...others] = steps;
  const last = steps[steps.length - 1];
  if (!first || !last) return whole();
  first.materials.unshift(...children.slice(0, at));
  first.start = start;
  last.materials.push(...children.slice(at + 1));
  last.end = endOf(item as unknown as RootContent);
  return [first, ...others];
}

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
