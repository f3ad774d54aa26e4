import type { RootContent } from 'mdast';
import { countsWays } from './announcement.ts';
import { asksForSomething, byHand } from './asking-step.ts';
import { Bench } from './bench.ts';
import { blockParts, keepOther, pieceParts } from './block-parts.ts';
import { asksForEdit, eitherWay, isWay } from './either-part.ts';
import { isPureLabel, labelOf } from './label.ts';
import { listParts } from './list-parts.ts';
import { choiceTitle, type OptionSign, optionSign, plainOption, sameChoice } from './option-title.ts';
import type { Part, PartOption } from './part.ts';
import { isWeighed } from './section-kind.ts';
import {
  askedParts,
  bareCommand,
  commandTexts,
  inlineCommands,
  rowCommands,
  withoutMentions,
} from './sentence-parts.ts';
import { plainText, shorten, slug } from './wording.ts';
import { holdsBlock, type Material, type Workshop } from './workshop.ts';

/** Makes the parts of a step out of what stands below its `title`. `owner` is the step's id. */
export function makeParts(
  shop: Workshop,
  owner: string,
  materials: readonly Material[],
  title = '',
): readonly Part[] {
  const parts = allParts(new Bench(shop, owner), materials, title);
  return withoutMentions(parts, commandTexts(parts));
}

function allParts(bench: Bench, materials: readonly Material[], title = ''): readonly Part[] {
  const parts: Part[] = [];
  let before = title;
  let at = 0;
  while (at < materials.length) {
    const material = materials[at]!;
    const choice = material.type === 'pieces' ? undefined : labelledChoice(bench, materials, at);
    if (choice) {
      parts.push(choice.part);
      at = choice.end;
      continue;
    }
    const either = eitherWay(bench, materials, at, before, (way) => onePart(bench, way, ''));
    if (either) {
      parts.push(either.part);
      at = either.end;
      continue;
    }
    parts.push(...onePart(bench, material, before));
    if (material.type === 'paragraph' && !leadsOn(materials[at + 1]))
      parts.push(...askedParts(bench, material, parts));
    else if (material.type === 'paragraph' && asksForEdit(bench, material, materials[at + 1]))
      parts.push({
        kind: 'manual',
        id: bench.name('manual'),
        text: shorten(plainText(material), 200),
        range: bench.range(material, materials[at + 1]),
      });
    if (material.type === 'paragraph' || material.type === 'heading') before = plainText(material);
    else if (material.type !== 'code') before = '';
    at++;
  }
  return parts;
}

function onePart(bench: Bench, material: Material, before: string): readonly Part[] {
  switch (material.type) {
    case 'pieces':
      keepOther(bench, material.reading);
      return pieceParts(bench, material.reading, material.pieces);
    case 'code': {
      const reading = bench.shop.readings.get(material);
      return reading ? blockParts(bench, reading, countsWays(before)) : [];
    }
    case 'list':
      return listParts(bench, material, before, (inside, title) => allParts(bench, inside, title));
    case 'paragraph':
      return (
        bareCommand(bench, material) ?? [
          bench.prose(material),
          ...bench.criteria(material),
          ...inlineCommands(bench, material),
        ]
      );
    case 'blockquote':
    case 'footnoteDefinition':
      return holdsBlock(material, bench.shop)
        ? allParts(bench, material.children)
        : [
            bench.prose(material),
            ...material.children.flatMap((child) =>
              child.type === 'paragraph' ? inlineCommands(bench, child) : [],
            ),
          ];
    case 'html': {
      const inside = bench.shop.insideHtml.get(material) ?? [];
      return [bench.prose(material), ...inside.flatMap((reading) => blockParts(bench, reading))];
    }
    case 'table':
      return [bench.prose(material), ...rowCommands(bench, material)];
    case 'thematicBreak':
    case 'definition':
    case 'yaml':
      return [];
    default:
      return [bench.prose(material)];
  }
}

/** Labels or headings "Option 1", "Option 2" with what stands under each. */
function labelledChoice(
  bench: Bench,
  materials: readonly Material[],
  from: number,
): { part: Part; end: number } | undefined {
  const starts: { index: number; title: string; sign: OptionSign }[] = [];
  const plain = plainOffer(bench, materials, from);
  const opening = plain?.title ?? titleOf(materials[from]!);
  if (opening === undefined || !(plain ?? signOf(materials, from, opening))) return undefined;
  const limit = Math.min(materials.length, from + 300);
  let end = limit;
  const depth = headingDepth(materials[from]!);
  for (let at = from; at < limit; at++) {
    const material = materials[at]!;
    const here = headingDepth(material);
    if (depth > 0 && here > 0 && here > depth) continue;
    const offer = depth === 0 ? plainOffer(bench, materials, at) : undefined;
    const title = offer?.title ?? titleOf(material);
    if (title === undefined || depth > 0 !== here > 0) {
      if (here > 0 && depth === 0) {
        end = at;
        break;
      }
      continue;
    }
    const sign = offer?.sign ?? signOf(materials, at, title);
    if (sign && (!starts[0] || sameChoice(starts[0].sign, sign))) {
      starts.push({ index: at, title, sign });
      end = limit;
    } else if (!starts[0]) return undefined;
    else if (end === limit) end = at;
  }
  if (starts.length < 2 || starts[0]!.index !== from) return undefined;
  // Nothing marks where the last of plain offers ends: it is its blocks, and the next words are for all ways again.
  if (plain) end = Math.min(end, behindBlocks(materials, starts[starts.length - 1]!.index + 1, end));
  const id = bench.name('choice');
  const options = starts.map((start, index): PartOption => {
    const next = starts[index + 1]?.index ?? end;
    const inside = materials.slice(start.index + 1, next);
    const made = allParts(bench, inside);
    const range = bench.range(materials[start.index]!, materials[start.index]);
    // A way that shows something and has nothing to run (a program's text) is gone by hand; mere words are read.
    const shown = inside.some((material) => material.type === 'code');
    const parts =
      asksForSomething(made) || !shown ? made : [...made, byHand(bench.name('manual'), start.title, range)];
    return {
      id: bench.shop.names(`${id}/${slug(start.title)}`),
      title: start.title,
      range: bench.range(materials[start.index]!, inside[inside.length - 1]),
      parts,
    };
  });
  const part: Part = {
    kind: 'choice',
    id,
    title: choiceTitle(starts.map((start) => start.sign)),
    range: bench.shop.source.range(options[0]!.range.start, options[options.length - 1]!.range.end),
    options,
  };
  return { part, end };
}

/** How a label or heading offers a way: by its words, or a heading by what speaks for it and against it. */
function signOf(materials: readonly Material[], at: number, title: string): OptionSign | undefined {
  const depth = headingDepth(materials[at]!);
  const sign = optionSign(title);
  if (sign || depth === 0) return sign;
  const below: RootContent[] = [];
  for (let next = at + 1; next < materials.length && below.length < 20; next++) {
    const material = materials[next]!;
    if (material.type === 'pieces' || (material.type === 'heading' && material.depth <= depth)) break;
    below.push(material);
  }
  return isWeighed(below) ? { by: 'way' } : undefined;
}

/** A plain paragraph that offers a way, with its commands right below. */
function plainOffer(bench: Bench, materials: readonly Material[], at: number) {
  const [words, block] = [materials[at]!, materials[at + 1]];
  if (words.type !== 'paragraph' || block?.type !== 'code' || !isWay(bench, block)) return undefined;
  return plainOption(plainText(words));
}

function behindBlocks(materials: readonly Material[], from: number, end: number): number {
  let at = from;
  while (at < end && materials[at]!.type === 'code') at++;
  return at;
}

/** True for what a paragraph leads on to, so that its words belong to that. */
function leadsOn(next: Material | undefined): boolean {
  return next?.type === 'code' || next?.type === 'list' || next?.type === 'pieces';
}

function headingDepth(material: Material): number {
  return material.type === 'heading' ? material.depth : 0;
}

function titleOf(material: Material): string | undefined {
  if (material.type === 'pieces') return undefined;
  if (material.type === 'heading') return plainText(material);
  return isPureLabel(material) ? labelOf(material)?.name : undefined;
}
