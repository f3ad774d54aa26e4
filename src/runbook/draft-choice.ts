import type { RootContent } from 'mdast';
import { isDoing } from './doing.ts';
import { type Draft, type DraftChoice, type Drafted, type DraftStep, withLead } from './draft.ts';
import { isPureLabel, labelOf } from './label.ts';
import { choiceTitle, type OptionSign, optionSign, sameChoice } from './option-title.ts';
import { endOf, startOf } from './section.ts';
import { plainText, shorten } from './wording.ts';
import type { Workshop } from './workshop.ts';

/** How many nodes behind a label are looked at for the next option. */
const farthest = 300;
const eitherOr = 'Either, or?';

/**
 * The offer that a label makes. Of platforms the whole way may stand on the label's own line ("**Render**: it is in your
 * plan") beside others that stand below theirs.
 */
function offerOf(node: RootContent): { readonly sign: OptionSign; readonly valued: boolean } | undefined {
  const label = labelOf(node);
  const sign = label && optionSign(label.name);
  if (!sign) return undefined;
  if (isPureLabel(node)) return { sign, valued: false };
  const isPlatform = sign.by === 'dimension' && sign.dimension === 'platform';
  return isPlatform && label.value !== '' && plainText(node).length < 300
    ? { sign, valued: true }
    : undefined;
}

/** "**Option 1: AWS S3**" … "**Option 2: …**": labels that offer ways, each with what follows it. */
export function labelledChoice(
  nodes: readonly RootContent[],
  from: number,
  title: string,
  shop: Workshop,
  draft: (nodes: readonly RootContent[], title: string) => Drafted,
): { draft: DraftChoice; end: number } | undefined {
  const opening = offerOf(nodes[from]!);
  const first = opening?.sign;
  if (!first || first.by === 'or') return undefined;
  const starts = [from];
  const valued = new Set(opening.valued ? [from] : []);
  // Bounded, so that thousands of labels do not each look through all that follow.
  const limit = Math.min(nodes.length, from + farthest);
  let end = limit;
  for (let at = from + 1; at < limit; at++) {
    const offer = offerOf(nodes[at]!);
    if (!offer && !isPureLabel(nodes[at]!)) continue;
    // A label between two options belongs to the first of them; one behind the last ends the choice.
    if (offer && sameChoice(first, offer.sign)) {
      starts.push(at);
      if (offer.valued) valued.add(at);
      end = limit;
    } else if (end === limit) end = at;
  }
  if (
    starts.length < 2 ||
    valued.size === starts.length ||
    !nodes.slice(from, end).some((node) => isDoing(node, shop, title))
  )
    return undefined;
  const options = starts.map((start, index) => {
    const inside = nodes.slice(valued.has(start) ? start : start + 1, starts[index + 1] ?? end);
    const { name, value } = labelOf(nodes[start]!)!;
    const drafted = draft(inside, name);
    const last = inside[inside.length - 1] ?? nodes[start]!;
    return {
      title: name,
      start: startOf(nodes[start]!),
      end: endOf(last),
      items: withLead(drafted, value === '' ? name : shorten(value, 90), startOf(nodes[start]!)),
    };
  });
  const signs = starts.map((start) => optionSign(labelOf(nodes[start]!)!.name)!);
  return {
    draft: {
      kind: 'choice',
      title: choiceTitle(signs),
      start: options[0]!.start,
      end: options[options.length - 1]!.end,
      options,
    },
    end,
  };
}

/** Blocks joined by the word "or" are ways to choose from: joins a step to what stands before it, if that can be a way. */
export function joinChoice(last: Draft, step: DraftStep, shop: Workshop): DraftChoice | undefined {
  const asOption = (one: DraftStep) => ({
    title: firstLine(one, shop) ?? one.title,
    start: one.start,
    end: one.end,
    items: [one],
  });
  const earlier =
    last.kind === 'choice' ? (last.title === eitherOr ? last.options : undefined) : [asOption(last)];
  if (!earlier) return undefined;
  const own: DraftStep = {
    ...step,
    title: /^or\W*$/i.test(step.title)
      ? (stepTitle(earlier[0]?.items[0]) ?? step.title)
      : step.title.replace(/^or\b[\s,:]*/i, ''),
  };
  const option = asOption(own);
  const known = earlier.some((one) => one.title === option.title);
  const title = known ? `${option.title} (${earlier.length + 1})` : option.title;
  return {
    kind: 'choice',
    title: eitherOr,
    start: last.start,
    end: step.end,
    options: [...earlier, { ...option, title }],
  };
}

/** The line that tells one way from another: what its block runs first, or says above that. */
function firstLine(step: DraftStep, shop: Workshop): string | undefined {
  const code = step.materials.find((material) => material.type === 'code');
  const first = (code && shop.readings.get(code)?.pieces)?.find((piece) => piece.kind === 'statement');
  const list = step.materials.find((material) => material.type === 'list');
  if (!code && list?.type === 'list') return shorten(plainText(list.children[0]), 70);
  if (first?.kind !== 'statement') return undefined;
  return shorten(first.captions[0]?.text ?? first.excerpt.lines[0]?.text.replace(/\s*\\$/, '') ?? '', 70);
}

/** Makes one choice of steps that are ways to choose from; undefined where they are fewer than two. */
export function choiceOfSteps(taken: readonly Draft[]): DraftChoice | undefined {
  const ways = taken.filter((item) => item.kind === 'step');
  if (ways.length < 2 || ways.length !== taken.length) return undefined;
  return {
    kind: 'choice',
    title: 'Which way?',
    start: ways[0]!.start,
    end: ways[ways.length - 1]!.end,
    options: ways.map((way) => ({ title: way.title, start: way.start, end: way.end, items: [way] })),
  };
}

function stepTitle(item: Draft | undefined): string | undefined {
  return item?.kind === 'step' ? item.title : undefined;
}
