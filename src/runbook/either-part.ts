import type { Paragraph } from 'mdast';
import { isOr } from './announcement.ts';
import type { Bench } from './bench.ts';
import { isConfiguration } from './block-tags.ts';
import type { Part, PartOption } from './part.ts';
import { isBareCommand } from './prompt.ts';
import { inlineCommands } from './sentence-parts.ts';
import { asksToDo, plainText, shorten, slug } from './wording.ts';
import type { Material } from './workshop.ts';

/** Makes the parts of one way. */
type Make = (way: Material) => readonly Part[];

interface Found {
  readonly part: Part;
  /** The index behind what it was made of. */
  readonly end: number;
}

/** Ways that words between blocks join: "or", "Alternatively, by command:", "To restore the latest one, use:". `before` are the words above. */
export function eitherWay(
  bench: Bench,
  materials: readonly Material[],
  at: number,
  before: string,
  make: Make,
): Found | undefined {
  return (
    eitherOr(bench, materials, at, make) ??
    handOrCommand(bench, materials, at, make) ??
    pickedOtherwise(bench, materials, at, before, make)
  );
}

/** Blocks joined by a paragraph that is the word "or". */
function eitherOr(bench: Bench, materials: readonly Material[], from: number, make: Make): Found | undefined {
  const ways = [materials[from]!];
  let end = from + 1;
  while (
    isWay(bench, ways[ways.length - 1]!) &&
    saysOr(materials[end]) &&
    materials[end + 1] &&
    isWay(bench, materials[end + 1]!)
  ) {
    ways.push(materials[end + 1]!);
    end += 2;
  }
  if (ways.length < 2) return undefined;
  const id = bench.name('choice');
  const options = ways.map((way, index): PartOption => {
    const parts = make(way);
    const first = parts.find((part) => part.kind === 'command');
    const title = shorten(first?.caption ?? first?.text.split('\n')[0] ?? `Way ${index + 1}`, 60);
    return { id: bench.shop.names(`${id}/${slug(title)}`), title, range: bench.range(way, way), parts };
  });
  return {
    part: {
      kind: 'choice',
      id,
      title: 'Either, or?',
      range: bench.range(ways[0]!, ways[ways.length - 1]),
      options,
    },
    end,
  };
}

/** "You can do it on the page of the provider." "Alternatively, by command:" and a block: by hand, or by that. */
function handOrCommand(
  bench: Bench,
  materials: readonly Material[],
  at: number,
  make: Make,
): Found | undefined {
  const told = materials[at]!;
  const edit = told.type === 'paragraph' && asksForEdit(bench, told, materials[at + 1]);
  const behind = at + (edit ? 2 : 1);
  const [other, block] = [materials[behind], materials[behind + 1]];
  if (told.type !== 'paragraph' || other?.type !== 'paragraph' || block?.type !== 'code') return undefined;
  if (!/^(?:or|alternatively)\b[^.]{1,80}:\s*$/i.test(plainText(other)) || !isWay(bench, block))
    return undefined;
  const text = plainText(told);
  const request = edit
    ? text
    : text.split(/(?<=[.!?])\s+(?=\p{Lu})/u).find((one) => asksToDo(one) || /\byou can\b/i.test(one));
  if (request === undefined || (!edit && /:\s*$/.test(text)) || inlineCommands(bench, told).length > 0)
    return undefined;
  const id = bench.name('choice');
  const byCommand = shorten(
    plainText(other)
      .replace(/^(?:or|alternatively)\b\W*/i, '')
      .replace(/\W+$/, ''),
    70,
  );
  const range = bench.range(told, edit ? materials[at + 1]! : told);
  const options: readonly PartOption[] = [
    {
      id: bench.shop.names(`${id}/by-hand`),
      title: 'By hand',
      range,
      parts: [
        bench.prose(told),
        ...(edit ? make(materials[at + 1]!) : []),
        { kind: 'manual', id: bench.name('manual'), text: shorten(request, 200), range },
      ],
    },
    {
      id: bench.shop.names(`${id}/${slug(byCommand)}`),
      title: byCommand.charAt(0).toUpperCase() + byCommand.slice(1),
      range: bench.range(other, block),
      parts: [bench.prose(other), ...make(block)],
    },
  ];
  return {
    part: { kind: 'choice', id, title: 'Which way?', range: bench.range(told, block), options },
    end: behind + 2,
  };
}

/**
 * A block, then "To restore the latest backup you can use the following:" and a block of the same commands with other
 * words in them: two ways to do the same.
 */
function pickedOtherwise(
  bench: Bench,
  materials: readonly Material[],
  at: number,
  before: string,
  make: Make,
): Found | undefined {
  const [one, words, other] = [materials[at]!, materials[at + 1], materials[at + 2]];
  if (one.type !== 'code' || words?.type !== 'paragraph' || other?.type !== 'code') return undefined;
  const text = plainText(words);
  if (!picksAnother.test(text) || !isWay(bench, one) || !isWay(bench, other)) return undefined;
  const heads = [one, other].map((block) => commandHeads(bench, block));
  if (heads[0]!.length === 0 || heads[0]!.join('\n') !== heads[1]!.join('\n')) return undefined;
  const id = bench.name('choice');
  const first = shorten(before, 60) || 'As above';
  const second = shorten(text, 60);
  const options: readonly PartOption[] = [
    {
      id: bench.shop.names(`${id}/${slug(first)}`),
      title: first,
      range: bench.range(one, one),
      parts: make(one),
    },
    {
      id: bench.shop.names(`${id}/${slug(second)}`),
      title: second,
      range: bench.range(words, other),
      parts: [bench.prose(words), ...make(other)],
    },
  ];
  return {
    part: { kind: 'choice', id, title: 'Which way?', range: bench.range(one, other), options },
    end: at + 3,
  };
}

const picksAnother =
  /^(?:to|for) [^.:]{0,40}\b(?:latest|newest|most recent|specific|particular|certain|older)\b[^.:]{0,60}\b(?:you can|use|instead)\b[^.:]{0,40}:\s*$/i;

/** The programs that the commands of a block run, each with its subcommands and without its options and values. */
function commandHeads(bench: Bench, block: Extract<Material, { type: 'code' }>): readonly string[] {
  const pieces = bench.shop.readings.get(block)?.pieces ?? [];
  return pieces.flatMap((piece) =>
    piece.kind === 'statement'
      ? [
          piece.excerpt.text
            .replace(/<[^<>\n]{1,60}>/g, '<>')
            .replace(/\\\n/g, ' ')
            .trim()
            .split(/\s+/)
            .slice(0, -1)
            .join(' '),
        ]
      : [],
  );
}

/** Something that can be one of two ways: a block of commands, or a list of things to do. */
export function isWay(bench: Bench, material: Material): boolean {
  if (material.type === 'code') return bench.shop.readings.get(material)?.block.role === 'commands';
  if (material.type !== 'list') return false;
  const texts = material.children.map((item) => plainText(item.children[0] ?? item));
  return texts.every((text) => asksToDo(text) || isBareCommand(text));
}

/** "Update the image in the cluster's definition:" above a configuration that no file is named for: edited by hand. */
export function asksForEdit(bench: Bench, paragraph: Paragraph, next: Material | undefined): boolean {
  const reading = next?.type === 'code' ? bench.shop.readings.get(next) : undefined;
  if (reading?.block.role !== 'code' || reading.foreign || reading.block.guess) return false;
  const text = plainText(paragraph);
  return (
    isConfiguration(reading.info.tag) &&
    /:\s*$/.test(text) &&
    asksToDo(text) &&
    /\b(?:update|change|edit|modify|replace|set|add|configure|specify|adjust)\b/i.test(text)
  );
}

function saysOr(material: Material | undefined): boolean {
  return material !== undefined && material.type !== 'pieces' && isOr(material);
}
