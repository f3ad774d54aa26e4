import type { List, ListItem } from 'mdast';
import type { Bench, MakeParts } from './bench.ts';
import { criterionOf } from './criterion-reading.ts';
import type { Part, PartOption } from './part.ts';
import { endOf, startOf } from './section.ts';
import { bareCommand, inlineOf } from './sentence-parts.ts';
import { asksToDo, plainText, slug } from './wording.ts';
import { holdsBlock } from './workshop.ts';

/** The parts of a list by what its items are, as `before`, the words above it, says: goals, needs, or things to do. */
export function listParts(bench: Bench, list: List, before: string, inside: MakeParts): readonly Part[] {
  const marks = list.children.map((item) => bench.shop.source.text.slice(startOf(item), startOf(item) + 3));
  if (marks.length > 0 && marks.every((mark) => mark === '===' || mark === '!!!' || mark === '???'))
    return tabParts(bench, list, marks, inside);
  const label = before.replace(/\s*:\s*$/, '');
  const goals =
    /(?:success|acceptance|pass|exit|completion) criteria|definition of done|expected (?:results?|outcomes?|state)/i.test(
      label,
    );
  const states =
    /^(?:verify|validate|check|confirm|ensure)\b.*\b(?:data|integrity|restor\w+|following|results?|that)\b/i.test(
      label,
    );
  const needs =
    /\bprerequisites?\b|\bbefore you (?:begin|start)\b|\brequirements?\b|pre-?restore checklist|\bchecklist\b/i.test(
      label,
    );
  const plain = list.children.map((item) => plainText(item.children[0] ?? item));
  const doing =
    !/\b(?:features?|flags?|options?|notes?|parameters?|where|cause|symptoms?|rules)\b/i.test(
      label.split(' ').slice(-3).join(' '),
    ) && plain.filter(asksToDo).length >= plain.length / 2;
  return list.children.flatMap((item) =>
    itemParts(
      bench,
      item,
      goals || (states && !doing) ? 'goal' : needs && !list.ordered ? 'need' : doing ? 'doing' : 'words',
      inside,
    ),
  );
}

/** MkDocs tabs are ways to choose from where they hold blocks; admonitions are words. */
function tabParts(bench: Bench, list: List, marks: readonly string[], inside: MakeParts): readonly Part[] {
  const titleOf = (item: ListItem) =>
    /"([^"]*)"/.exec(plainText(item.children[0] ?? item))?.[1] ?? plainText(item.children[0] ?? item);
  const choosing =
    list.children.length > 1 && marks.every((mark) => mark === '===') && holdsBlock(list, bench.shop, true);
  if (!choosing)
    return list.children.flatMap((item): readonly Part[] => [
      ...(item.children[0] ? [bench.prose(item.children[0])] : []),
      ...inside(item.children.slice(1), titleOf(item)),
    ]);
  const id = bench.name('choice');
  const options = list.children.map(
    (item): PartOption => ({
      id: bench.shop.names(`${id}/${slug(titleOf(item))}`),
      title: titleOf(item),
      range: bench.range(item, item),
      parts: inside(item.children.slice(1), titleOf(item)),
    }),
  );
  return [{ kind: 'choice', id, title: 'Which way?', range: bench.range(list, list), options }];
}

function itemParts(
  bench: Bench,
  item: ListItem,
  as: 'goal' | 'need' | 'doing' | 'words',
  inside: MakeParts,
): readonly Part[] {
  const [first, ...rest] = item.children;
  const text = plainText(first ?? item);
  const range = first ? bench.shop.source.range(startOf(item), endOf(first)) : bench.range(item, item);
  const below = inside(rest);
  if (item.checked !== null && item.checked !== undefined)
    return [{ kind: 'check', id: bench.name('check'), text, range }, ...inlineOf(bench, first), ...below];
  if (as === 'goal') return [{ ...criterionOf(text), id: bench.name('criterion'), range }, ...below];
  if (as === 'need')
    return [{ kind: 'check', id: bench.name('check'), text, range }, ...inlineOf(bench, first), ...below];
  const bare = first && bareCommand(bench, first);
  if (bare) return [...bare, ...below];
  const offered = inlineOf(bench, first);
  const runs = below.some(
    (part) =>
      part.kind === 'command' || part.kind === 'choice' || part.kind === 'manual' || part.kind === 'file',
  );
  const only =
    first?.type === 'paragraph' &&
    offered.length > 0 &&
    plainText(first).length <= offered.reduce((sum, one) => sum + one.text.length, 0) + 40;
  if ((as === 'doing' || asksToDo(text)) && !runs && !only && text !== '')
    return [
      { kind: 'manual', id: bench.name('manual'), text, range },
      ...bench.criteriaOf(first),
      ...offered,
      ...below,
    ];
  return [
    ...(first
      ? [{ kind: 'prose', markdown: bench.shop.source.text.slice(range.start, range.end), range } as const]
      : []),
    ...bench.criteriaOf(first),
    ...offered,
    ...below,
  ];
}
