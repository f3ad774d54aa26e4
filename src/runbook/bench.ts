import type { RootContent } from 'mdast';
import { criteriaIn } from './criterion-reading.ts';
import { type Excerpt, type ExcerptLine, excerptOf, spanOf } from './excerpt.ts';
import type { Hints } from './hints.ts';
import type { Command, Part } from './part.ts';
import type { Range } from './range.ts';
import { endOf, startOf } from './section.ts';
import { plainText } from './wording.ts';
import { type Material, materialSpan, type Workshop } from './workshop.ts';

/** Makes the parts of what stands together; what holds other things needs it for them. */
export type MakeParts = (materials: readonly Material[], title?: string) => readonly Part[];

/** Where the parts of one step are made: it gives out their ids, in order, and their places. */
export class Bench {
  readonly shop: Workshop;
  /** The id of the step. */
  readonly owner: string;
  /** True for the bench of a reading that is only kept, in case it is asked for. */
  readonly kept: boolean;
  private commands = 0;

  constructor(shop: Workshop, owner: string, kept = false) {
    this.shop = shop;
    this.owner = owner;
    this.kept = kept;
  }

  command(
    excerpt: Excerpt,
    language: 'shell' | 'sql',
    rest: { hints: Hints; block?: string; caption?: string; offered?: boolean; guess?: Command['guess'] },
  ): Command {
    const id = this.shop.names(`${this.owner}/${++this.commands}`);
    this.shop.excerpts.set(id, excerpt);
    const { hints, ...others } = rest;
    return {
      kind: 'command',
      id,
      language,
      text: excerpt.text,
      range: this.excerptRange(excerpt),
      hints,
      ...others,
    };
  }

  /** Words of a node as an excerpt; undefined where the source breaks or escapes them. */
  sourceExcerpt(node: RootContent, text: string): Excerpt | undefined {
    const start = startOf(node);
    const at = this.shop.source.text.slice(start, endOf(node)).indexOf(text);
    return at < 0 ? undefined : excerptOf([{ text, at: start + at }]);
  }

  criteria(node: RootContent): readonly Part[] {
    return criteriaIn(plainText(node)).map(
      (found): Part => ({ ...found, id: this.name('criterion'), range: this.range(node, node) }),
    );
  }

  criteriaOf(node: RootContent | undefined): readonly Part[] {
    return node?.type === 'paragraph' ? this.criteria(node) : [];
  }

  criterionLine(line: ExcerptLine): readonly Part[] {
    const found = criteriaIn(line.text)[0];
    return found
      ? [{ ...found, id: this.name('criterion'), range: this.excerptRange(excerptOf([line])) }]
      : [];
  }

  prose(material: RootContent): Part {
    const range = this.range(material, material);
    return { kind: 'prose', markdown: this.shop.source.text.slice(range.start, range.end), range };
  }

  range(from: Material, to: Material | undefined): Range {
    const start = materialSpan(from).start;
    return this.shop.source.range(start, Math.max(materialSpan(to ?? from).end, materialSpan(from).end));
  }

  excerptRange(excerpt: Excerpt): Range {
    const span = spanOf(excerpt) ?? { start: 0, end: 0 };
    return this.shop.source.range(span.start, span.end);
  }

  name(kind: string): string {
    return this.shop.names(`${this.owner}/${kind}`);
  }
}
