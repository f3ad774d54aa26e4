import type { List, ListItem, RootContent } from 'mdast';
import { asksForSomething, byHand } from './asking-step.ts';
import type { BlockPiece } from './block-pieces.ts';
import { type BlockReading, readOtherwise } from './block-reading.ts';
import { criteriaIn, criterionOf } from './criterion-reading.ts';
import { isWholeCommand } from './doing-words.ts';
import { type Excerpt, type ExcerptLine, excerptOf, spanOf } from './excerpt.ts';
import type { GuessedBlock } from './guess.ts';
import type { Hints } from './hints.ts';
import { isPureLabel, labelOf } from './label.ts';
import { choiceTitle, type OptionSign, optionSign, sameChoice } from './option-title.ts';
import type { Command, Part, PartOption } from './part.ts';
import { isBareCommand, opensClient, withoutRemark } from './prompt.ts';
import { endOf, startOf } from './section.ts';
import type { Source } from './source.ts';
import { asksToDo, type Names, plainText, shorten, slug } from './wording.ts';

/** A block of which only some pieces are meant, as where numbered comments make several steps of one block. */
export interface PieceSet {
  readonly type: 'pieces';
  readonly reading: BlockReading;
  readonly pieces: readonly BlockPiece[];
}

export type Material = RootContent | PieceSet;

/** What making parts needs to know of the document. */
export interface Workshop {
  readonly source: Source;
  readonly readings: ReadonlyMap<RootContent, BlockReading>;
  /** Blocks that stand inside raw HTML, by the HTML node. */
  readonly insideHtml: ReadonlyMap<RootContent, readonly BlockReading[]>;
  readonly names: Names;
  /** Where each command's text came from, by its id. */
  readonly excerpts: Map<string, Excerpt>;
  /** The program that the last command left open, so that it can be named where something is typed into it. */
  readonly opened: { client: string | undefined };
  /** The blocks read by guess that stand in the steps made so far, by their id. */
  readonly guessed: Map<string, GuessedBlock>;
}

/** Makes the parts of a step out of what stands below its `title`. `owner` is the step's id. */
export function makeParts(
  shop: Workshop,
  owner: string,
  materials: readonly Material[],
  title = '',
): readonly Part[] {
  const parts = new Bench(shop, owner).all(materials, title);
  return withoutMentions(parts, commandTexts(parts));
}

/** Without the commands in sentences that only name what a block of the same step runs: "use `az aks create` to …". */
function withoutMentions(parts: readonly Part[], run: readonly string[]): readonly Part[] {
  if (run.length === 0) return parts;
  const mentioned = (part: Part) =>
    part.kind === 'command' &&
    part.block === undefined &&
    run.some((text) => text === part.text || text.startsWith(`${part.text} `));
  return parts
    .filter((part) => !mentioned(part))
    .map((part) =>
      part.kind === 'choice'
        ? {
            ...part,
            options: part.options.map((option) => ({ ...option, parts: withoutMentions(option.parts, run) })),
          }
        : part,
    );
}

function commandTexts(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) =>
    part.kind === 'choice'
      ? part.options.flatMap((option) => commandTexts(option.parts))
      : part.kind === 'command' && part.block !== undefined && !part.offered
        ? [part.text]
        : [],
  );
}

/** True for what a paragraph leads on to, so that its words belong to that. */
function leadsOn(next: Material | undefined): boolean {
  return next?.type === 'code' || next?.type === 'list' || next?.type === 'pieces';
}

/** True for a sentence or two that ask a person for something: no remarks, no pointers to other pages, no advice. */
function isRequest(text: string): boolean {
  return (
    text.length <= 300 &&
    /^\p{Lu}/u.test(text) &&
    !/:\s*$/.test(text) &&
    asksToDo(text) &&
    !/^(?:note|see|use|using|let|keep|leave|read|refer|consider|observe|allow|learn|visit|check out|follow(?:ing)?|when|if|once|after|unless|until|to)\b/i.test(
      text,
    )
  );
}

/**
 * Holds the counters of one step's ids while its parts are made. Longer than most: prose, lists, blocks and
 * choices nest in one another, so that the functions that read them call each other in every direction.
 */
class Bench {
  private commands = 0;
  private readonly shop: Workshop;
  private readonly owner: string;
  /** True for the bench of a reading that is only kept, in case it is asked for. */
  private readonly kept: boolean;

  constructor(shop: Workshop, owner: string, kept = false) {
    this.shop = shop;
    this.owner = owner;
    this.kept = kept;
  }

  all(materials: readonly Material[], title = ''): readonly Part[] {
    const parts: Part[] = [];
    let before = title;
    let at = 0;
    while (at < materials.length) {
      const material = materials[at]!;
      const choice = material.type === 'pieces' ? undefined : this.labelledChoice(materials, at);
      if (choice) {
        parts.push(choice.part);
        at = choice.end;
        continue;
      }
      const either = this.eitherOr(materials, at);
      if (either) {
        parts.push(either.part);
        at = either.end;
        continue;
      }
      parts.push(...this.one(material, before));
      if (material.type === 'paragraph' && !leadsOn(materials[at + 1]))
        parts.push(...this.asked(material, parts));
      if (material.type === 'paragraph' || material.type === 'heading') before = plainText(material);
      else if (material.type !== 'code') before = '';
      at++;
    }
    return parts;
  }

  /** A paragraph that asks for something which no command below it does: "Paste the password from earlier." */
  private asked(paragraph: RootContent, parts: readonly Part[]): readonly Part[] {
    const text = plainText(paragraph);
    const last = parts[parts.length - 1];
    // A command or a criterion that was found in it is what it asks for.
    if (last?.kind !== 'prose' || !isRequest(text) || isPureLabel(paragraph)) return [];
    return [{ kind: 'manual', id: this.name('manual'), text, range: this.range(paragraph, paragraph) }];
  }

  /** Blocks joined by a paragraph that is the word "or". */
  private eitherOr(materials: readonly Material[], from: number): { part: Part; end: number } | undefined {
    const ways = [materials[from]!];
    let end = from + 1;
    while (
      this.isCommands(ways[ways.length - 1]!) &&
      isOr(materials[end]) &&
      materials[end + 1] &&
      this.isCommands(materials[end + 1]!)
    ) {
      ways.push(materials[end + 1]!);
      end += 2;
    }
    if (ways.length < 2) return undefined;
    const id = this.name('choice');
    const options = ways.map((way, index): PartOption => {
      const parts = this.one(way, '');
      const first = parts.find((part) => part.kind === 'command');
      const title = shorten(first?.caption ?? first?.text.split('\n')[0] ?? `Way ${index + 1}`, 60);
      return { id: this.shop.names(`${id}/${slug(title)}`), title, range: this.range(way, way), parts };
    });
    return {
      part: {
        kind: 'choice',
        id,
        title: 'Either, or?',
        range: this.range(ways[0]!, ways[ways.length - 1]),
        options,
      },
      end,
    };
  }

  /** Something that can be one of two ways: a block of commands, or a list of things to do. */
  private isCommands(material: Material): boolean {
    if (material.type === 'code') return this.shop.readings.get(material)?.block.role === 'commands';
    if (material.type !== 'list') return false;
    const texts = material.children.map((item) => plainText(item.children[0] ?? item));
    return texts.every((text) => asksToDo(text) || isBareCommand(text));
  }

  /** Labels or headings "Option 1", "Option 2" with what stands under each. */
  private labelledChoice(
    materials: readonly Material[],
    from: number,
  ): { part: Part; end: number } | undefined {
    const starts: { index: number; title: string; sign: OptionSign }[] = [];
    const opening = titleOf(materials[from]!);
    if (opening === undefined || !optionSign(opening)) return undefined;
    const limit = Math.min(materials.length, from + 300);
    let end = limit;
    const depth = headingDepth(materials[from]!);
    for (let at = from; at < limit; at++) {
      const material = materials[at]!;
      const here = headingDepth(material);
      if (depth > 0 && here > 0 && here > depth) continue;
      const title = titleOf(material);
      if (title === undefined || depth > 0 !== here > 0) {
        if (here > 0 && depth === 0) {
          end = at;
          break;
        }
        continue;
      }
      const sign = optionSign(title);
      if (sign && (!starts[0] || sameChoice(starts[0].sign, sign))) {
        starts.push({ index: at, title, sign });
        end = limit;
      } else if (!starts[0]) return undefined;
      else if (end === limit) end = at;
    }
    if (starts.length < 2 || starts[0]!.index !== from) return undefined;
    const id = this.name('choice');
    const options = starts.map((start, index): PartOption => {
      const next = starts[index + 1]?.index ?? end;
      const inside = materials.slice(start.index + 1, next);
      const made = this.all(inside);
      const range = this.range(materials[start.index]!, materials[start.index]);
      // A way that shows something and has nothing to run (a program's text) is gone by hand; mere words are read.
      const shown = inside.some((material) => material.type === 'code');
      const parts =
        asksForSomething(made) || !shown ? made : [...made, byHand(this.name('manual'), start.title, range)];
      return {
        id: this.shop.names(`${id}/${slug(start.title)}`),
        title: start.title,
        range: this.range(materials[start.index]!, inside[inside.length - 1]),
        parts,
      };
    });
    const part: Part = {
      kind: 'choice',
      id,
      title: choiceTitle(starts.map((start) => start.sign)),
      range: this.shop.source.range(options[0]!.range.start, options[options.length - 1]!.range.end),
      options,
    };
    return { part, end };
  }

  private one(material: Material, before: string): readonly Part[] {
    switch (material.type) {
      case 'pieces':
        this.keepOther(material.reading);
        return this.pieces(material.reading, material.pieces);
      case 'code': {
        const reading = this.shop.readings.get(material);
        return reading ? this.block(reading) : [];
      }
      case 'list':
        return this.list(material, before);
      case 'paragraph':
        return (
          this.bareCommand(material) ?? [
            this.prose(material),
            ...this.criteria(material),
            ...this.inlineCommands(material),
          ]
        );
      case 'blockquote':
      case 'footnoteDefinition':
        return holdsBlock(material, this.shop)
          ? this.all(material.children)
          : [
              this.prose(material),
              ...material.children.flatMap((child) =>
                child.type === 'paragraph' ? this.inlineCommands(child) : [],
              ),
            ];
      case 'html': {
        const inside = this.shop.insideHtml.get(material) ?? [];
        return [this.prose(material), ...inside.flatMap((reading) => this.block(reading))];
      }
      case 'thematicBreak':
      case 'definition':
      case 'yaml':
        return [];
      default:
        return [this.prose(material)];
    }
  }

  /** Keeps what a guessed block would give if it were read the other way. Its ids are its own: they move no others. */
  private keepOther(reading: BlockReading): void {
    const { block } = reading;
    if (this.kept || !block.guess || this.shop.guessed.has(block.id)) return;
    const other = readOtherwise(reading);
    if (!other) return;
    const bench = new Bench(this.shop, `${this.owner}/${block.id}`, true);
    this.shop.guessed.set(block.id, {
      block: block.id,
      range: block.range,
      role: block.role,
      guess: block.guess,
      other: { role: other.block.role, places: [{ step: this.owner, parts: bench.block(other) }] },
    });
  }

  private block(reading: BlockReading): readonly Part[] {
    this.keepOther(reading);
    const { block } = reading;
    switch (block.role) {
      case 'commands':
        return this.pieces(reading, reading.pieces);
      case 'file':
        return [
          {
            kind: 'file',
            id: this.name('file'),
            name: reading.fileName ?? 'file',
            language: block.tag,
            content: block.content,
            range: block.range,
            block: block.id,
          },
        ];
      case 'sample':
      case 'log':
        return [{ kind: 'sample', text: block.content, range: block.range, block: block.id }];
      case 'code':
      case 'template':
        return [
          {
            kind: 'prose',
            markdown: this.shop.source.text.slice(block.range.start, block.range.end),
            range: block.range,
          },
        ];
    }
  }

  /** Pieces of a block, with the alternatives among them ("# Or …", "# Method 2", "# macOS") as choices. */
  private pieces(reading: BlockReading, pieces: readonly BlockPiece[]): readonly Part[] {
    const segments: Segment[] = [];
    for (const piece of pieces) {
      const lines =
        piece.kind === 'statement' ? piece.captions : piece.kind === 'comments' ? piece.lines : [];
      const last = segments[segments.length - 1];
      const split = piece.kind === 'comments' ? splitOffers(piece) : undefined;
      if (split) {
        for (const one of split) segments.push({ ...offer(one.lines), pieces: [one] });
        continue;
      }
      const found = offer(piece.kind === 'comments' ? lines.slice(0, 1) : lines);
      const continues =
        last &&
        (lines.length === 0
          ? piece.kind !== 'statement' || !piece.apart
          : piece.kind === 'comments' && !found.sign && !piece.apart);
      if (continues) last.pieces.push(piece);
      else segments.push({ ...found, pieces: [piece] });
    }
    const parts: Part[] = [];
    let at = 0;
    while (at < segments.length) {
      const segment = segments[at]!;
      let end = at + 1;
      if (segment.sign && segment.sign.by !== 'or' && segment.sign.by !== 'way')
        while (end < segments.length && segments[end]!.sign && sameChoice(segment.sign, segments[end]!.sign!))
          end++;
      while (end < segments.length && segments[end]!.sign?.by === 'or') end++;
      if (end === at + 1) while (end < segments.length && isVariant(segments[at]!, segments[end]!)) end++;
      if (end - at > 1) parts.push(this.pieceChoice(reading, segments.slice(at, end)));
      else for (const piece of segment.pieces) parts.push(...this.piece(reading, piece, false));
      at = end;
    }
    return parts;
  }

  private pieceChoice(reading: BlockReading, segments: readonly Segment[]): Part {
    const id = this.name('choice');
    const options = segments.map((segment, index): PartOption => {
      const parts = segment.pieces.flatMap((piece) => this.piece(reading, piece, true));
      const title = segment.title || firstWords(segment.pieces) || `Way ${index + 1}`;
      const from = Math.min(
        ...segment.pieces.map((piece) => pieceSpan(piece)?.start ?? Number.POSITIVE_INFINITY),
      );
      const to = Math.max(...segment.pieces.map((piece) => pieceSpan(piece)?.end ?? 0));
      return {
        id: this.shop.names(`${id}/${slug(title)}`),
        title,
        range: Number.isFinite(from) ? this.shop.source.range(from, to) : reading.block.range,
        parts,
      };
    });
    const signs = segments.map((segment) => segment.sign).filter((sign) => sign !== undefined);
    return {
      kind: 'choice',
      id,
      title: choiceTitle(signs),
      range: this.shop.source.range(options[0]!.range.start, options[options.length - 1]!.range.end),
      options,
    };
  }

  private piece(reading: BlockReading, piece: BlockPiece, chosen: boolean): readonly Part[] {
    const { block, info } = reading;
    switch (piece.kind) {
      case 'statement': {
        this.shop.opened.client = opensClient(piece.excerpt.lines.at(-1)?.text ?? '')?.name;
        const captions = piece.captions.map((line) => line.text).filter((text) => text !== '');
        const trailing = piece.trailing?.text;
        const caption = [captions.join('\n'), ...(trailing ? [trailing] : [])]
          .filter((text) => text !== '')
          .join(' — ');
        const command = this.command(piece.excerpt, piece.language, {
          hints: info.hints,
          block: block.id,
          ...(caption && { caption }),
          ...(piece.note
            ? { guess: { reason: piece.note, otherwise: 'separate commands' } }
            : block.guess && { guess: block.guess }),
        });
        return [
          command,
          ...[...piece.captions, ...(piece.trailing ? [piece.trailing] : [])].flatMap((line) =>
            this.criterionLine(line),
          ),
        ];
      }
      case 'sample': {
        const span = spanOf(piece.excerpt);
        return [
          {
            kind: 'sample',
            text: piece.excerpt.text,
            range: span ? this.shop.source.range(span.start, span.end) : block.range,
            block: block.id,
          },
        ];
      }
      case 'typed':
        return [
          {
            kind: 'manual',
            id: this.name('manual'),
            text: `At the ${piece.at === '>' ? (this.shop.opened.client ?? '>') : piece.at} prompt: ${piece.excerpt.text}`,
            range: this.excerptRange(piece.excerpt),
          },
        ];
      case 'comments':
        return this.comments(reading, piece.lines, chosen);
    }
  }

  /** Comments that no command follows: things to do by hand, criteria, or words. */
  private comments(reading: BlockReading, lines: readonly ExcerptLine[], chosen: boolean): readonly Part[] {
    const criteria = lines.flatMap((line) => this.criterionLine(line));
    if (criteria.length > 0 && lines.length === criteria.length) return criteria;
    const texts = lines.map((line) => line.text).filter((text) => text !== '');
    if (texts.length === 0) return [];
    const whole = this.excerptRange(excerptOf(lines));
    const offered = lines.length === 1 ? this.commentedCommand(reading, lines[0]!) : undefined;
    if (offered) return [offered];
    const items = lines.filter((line) => /^(?:[-*•]|\d+[.)])\s+/.test(line.text));
    if (items.length > 0) {
      const header = lines.find((line) => !items.includes(line))?.text.replace(/:\s*$/, '');
      const plain = items.map((line) => line.text.replace(/^(?:[-*•]|\d+[.)])\s+/, ''));
      const doing = plain.filter(asksToDo).length >= plain.length / 2;
      if (doing || (header && asksToDo(header)))
        return [
          ...items.map(
            (line, index): Part => ({
              kind: 'manual',
              id: this.name('manual'),
              text: doing || !header ? plain[index]! : `${header}: ${plain[index]}`,
              range: this.excerptRange(excerptOf([line])),
            }),
          ),
          ...criteria,
        ];
    }
    const text = texts.join(' ');
    const rest = chosen ? texts.slice(1).filter((one) => asksToDo(one)) : [];
    if (rest.length > 0 && rest.length === texts.length - 1)
      return [
        ...lines
          .slice(1)
          .filter((line) => line.text !== '')
          .map(
            (line): Part => ({
              kind: 'manual',
              id: this.name('manual'),
              text: line.text,
              range: this.excerptRange(excerptOf([line])),
            }),
          ),
        ...criteria,
      ];
    if (chosen || texts.some(asksToDo))
      return [
        {
          kind: 'manual',
          id: this.name('manual'),
          text: text.replace(/^(?:(?:or|alternatively)\b|(?:option|method) \w+:)[,:]?\s*/i, ''),
          range: whole,
        },
        ...criteria,
      ];
    return [{ kind: 'prose', markdown: texts.join('\n'), range: whole }, ...criteria];
  }

  /** `# or: sudo apt-get install awscli  # Linux`: a command that stands behind a comment sign. */
  private commentedCommand(reading: BlockReading, line: ExcerptLine): Part | undefined {
    const lead = /^(?:or|alternatively)\b\s*[:,]?\s*/i.exec(line.text)?.[0].length ?? 0;
    const rest = line.text.slice(lead).replace(/\s+#.*$/, '');
    if (!isWholeCommand(rest) || /[.:]$/.test(rest) || !/(?:\s-|\/|=|sudo |install )/.test(rest))
      return undefined;
    const caption = /\s#\s*(.*)$/.exec(line.text)?.[1];
    return this.command(excerptOf([{ text: rest, at: line.at < 0 ? -1 : line.at + lead }]), 'shell', {
      hints: reading.info.hints,
      block: reading.block.id,
      offered: true,
      guess: { reason: 'it stands in a comment', otherwise: 'words' },
      ...(caption && { caption }),
    });
  }

  private command(
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

  private list(list: List, before: string): readonly Part[] {
    const marks = list.children.map((item) => this.shop.source.text.slice(startOf(item), startOf(item) + 3));
    if (marks.length > 0 && marks.every((mark) => mark === '===' || mark === '!!!' || mark === '???'))
      return this.tabs(list, marks);
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
      this.item(
        item,
        goals || (states && !doing) ? 'goal' : needs && !list.ordered ? 'need' : doing ? 'doing' : 'words',
      ),
    );
  }

  /** MkDocs tabs are ways to choose from where they hold blocks; admonitions are words. */
  private tabs(list: List, marks: readonly string[]): readonly Part[] {
    const titleOf = (item: ListItem) =>
      /"([^"]*)"/.exec(plainText(item.children[0] ?? item))?.[1] ?? plainText(item.children[0] ?? item);
    const choosing =
      list.children.length > 1 && marks.every((mark) => mark === '===') && holdsBlock(list, this.shop, true);
    if (!choosing)
      return list.children.flatMap((item): readonly Part[] => [
        ...(item.children[0] ? [this.prose(item.children[0])] : []),
        ...this.all(item.children.slice(1), titleOf(item)),
      ]);
    const id = this.name('choice');
    const options = list.children.map(
      (item): PartOption => ({
        id: this.shop.names(`${id}/${slug(titleOf(item))}`),
        title: titleOf(item),
        range: this.range(item, item),
        parts: this.all(item.children.slice(1), titleOf(item)),
      }),
    );
    return [{ kind: 'choice', id, title: 'Which way?', range: this.range(list, list), options }];
  }

  private item(item: ListItem, as: 'goal' | 'need' | 'doing' | 'words'): readonly Part[] {
    const [first, ...rest] = item.children;
    const text = plainText(first ?? item);
    const range = first ? this.shop.source.range(startOf(item), endOf(first)) : this.range(item, item);
    const below = this.all(rest);
    if (item.checked !== null && item.checked !== undefined)
      return [{ kind: 'check', id: this.name('check'), text, range }, ...this.inlineOf(first), ...below];
    if (as === 'goal') return [{ ...criterionOf(text), id: this.name('criterion'), range }, ...below];
    if (as === 'need')
      return [{ kind: 'check', id: this.name('check'), text, range }, ...this.inlineOf(first), ...below];
    const bare = first && this.bareCommand(first);
    if (bare) return [...bare, ...below];
    const offered = this.inlineOf(first);
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
        { kind: 'manual', id: this.name('manual'), text, range },
        ...this.criteriaOf(first),
        ...offered,
        ...below,
      ];
    return [
      ...(first
        ? [{ kind: 'prose', markdown: this.shop.source.text.slice(range.start, range.end), range } as const]
        : []),
      ...this.criteriaOf(first),
      ...offered,
      ...below,
    ];
  }

  /** A paragraph that is nothing but a command, without any mark-up. */
  private bareCommand(node: RootContent): readonly Command[] | undefined {
    if (node.type !== 'paragraph' || !node.children.every((child) => child.type === 'text')) return undefined;
    const text = withoutRemark(plainText(node));
    if (!isBareCommand(text)) return undefined;
    const excerpt = this.sourceExcerpt(node, text);
    const guess = { reason: 'it stands as plain text, not in a block', otherwise: 'words' };
    return excerpt && [this.command(excerpt, 'shell', { hints: {}, offered: true, guess })];
  }

  private inlineOf(node: RootContent | undefined): readonly Command[] {
    return node?.type === 'paragraph' ? this.inlineCommands(node) : [];
  }

  /** Inline code that is a whole command: offered, never run unasked. */
  private inlineCommands(node: RootContent): readonly Command[] {
    const out: Command[] = [];
    const open: RootContent[] = [node];
    while (open.length > 0) {
      const next = open.pop()!;
      const excerpt =
        next.type === 'inlineCode' && isWholeCommand(next.value.trim()) && /^[a-z./~$_]/i.test(next.value)
          ? this.sourceExcerpt(next, next.value.trim())
          : undefined;
      const guess = { reason: 'it stands in a sentence, not in a block', otherwise: 'words' };
      if (excerpt) out.push(this.command(excerpt, 'shell', { hints: {}, offered: true, guess }));
      // Code in a link names what the page behind it is about.
      if ('children' in next && next.type !== 'link' && next.type !== 'linkReference')
        for (let at = next.children.length - 1; at >= 0; at--) open.push(next.children[at] as RootContent);
    }
    return out;
  }

  /** Words of a node as an excerpt; undefined where the source breaks or escapes them. */
  private sourceExcerpt(node: RootContent, text: string): Excerpt | undefined {
    const start = startOf(node);
    const at = this.shop.source.text.slice(start, endOf(node)).indexOf(text);
    return at < 0 ? undefined : excerptOf([{ text, at: start + at }]);
  }

  private criteria(node: RootContent): readonly Part[] {
    return criteriaIn(plainText(node)).map(
      (found): Part => ({ ...found, id: this.name('criterion'), range: this.range(node, node) }),
    );
  }

  private criteriaOf(node: RootContent | undefined): readonly Part[] {
    return node?.type === 'paragraph' ? this.criteria(node) : [];
  }

  private criterionLine(line: ExcerptLine): readonly Part[] {
    const found = criteriaIn(line.text)[0];
    return found
      ? [{ ...found, id: this.name('criterion'), range: this.excerptRange(excerptOf([line])) }]
      : [];
  }

  private prose(material: RootContent): Part {
    const range = this.range(material, material);
    return { kind: 'prose', markdown: this.shop.source.text.slice(range.start, range.end), range };
  }

  private range(from: Material, to: Material | undefined) {
    const start = materialSpan(from).start;
    return this.shop.source.range(start, Math.max(materialSpan(to ?? from).end, materialSpan(from).end));
  }

  private excerptRange(excerpt: Excerpt) {
    const span = spanOf(excerpt) ?? { start: 0, end: 0 };
    return this.shop.source.range(span.start, span.end);
  }

  private name(kind: string): string {
    return this.shop.names(`${this.owner}/${kind}`);
  }
}

/** First and last place of a node or a set of pieces in the source. */
export function materialSpan(material: Material): { readonly start: number; readonly end: number } {
  if (material.type !== 'pieces') return { start: startOf(material), end: endOf(material) };
  const spans = material.pieces.map(pieceSpan).filter((span) => span !== undefined);
  if (spans.length === 0)
    return { start: material.reading.block.range.start, end: material.reading.block.range.end };
  return {
    start: Math.min(...spans.map((span) => span.start)),
    end: Math.max(...spans.map((span) => span.end)),
  };
}

function pieceSpan(piece: BlockPiece): { start: number; end: number } | undefined {
  const lines =
    piece.kind === 'comments'
      ? piece.lines
      : piece.kind === 'statement'
        ? [...piece.captions, ...piece.excerpt.lines, ...(piece.trailing ? [piece.trailing] : [])]
        : piece.excerpt.lines;
  return spanOf(excerptOf(lines));
}

function isOr(material: Material | undefined): boolean {
  return material?.type === 'paragraph' && /^(?:or|alternatively)\W*$/i.test(plainText(material));
}

function headingDepth(material: Material): number {
  return material.type === 'heading' ? material.depth : 0;
}

function titleOf(material: Material): string | undefined {
  if (material.type === 'pieces') return undefined;
  if (material.type === 'heading') return plainText(material);
  return isPureLabel(material) ? labelOf(material)?.name : undefined;
}

/** True where a node has a code block somewhere in it. */
export function holdsBlock(node: RootContent, shop: Workshop, commandsOnly = false): boolean {
  const open: RootContent[] = [node];
  while (open.length > 0) {
    const next = open.pop()!;
    if (next.type === 'code' && (!commandsOnly || shop.readings.get(next)?.block.role === 'commands'))
      return true;
    if ('children' in next) for (const child of next.children) open.push(child as RootContent);
  }
  return false;
}

/** Pieces of a block that belong together, and what offers them as one of several ways. */
interface Segment {
  readonly sign?: OptionSign;
  readonly title: string;
  readonly pieces: BlockPiece[];
}

/** The offer that a caption makes, and how the option is called. */
function offer(lines: readonly ExcerptLine[]): { sign?: OptionSign; title: string } {
  for (const line of lines) {
    const text = line.text.trim();
    const sign = optionSign(text);
    if (sign && sign.by !== 'way') return { sign, title: shorten(text.replace(/^or\b[:,]?\s*/i, ''), 70) };
    const prefix = /^([^:]{2,30}):(?:\s|$)/.exec(text)?.[1];
    const named = prefix ? optionSign(prefix) : undefined;
    if (named && named.by === 'dimension') return { sign: named, title: prefix! };
  }
  return { title: shorten(lines[0]?.text ?? '', 70) };
}

/** Comment lines of which several offer ways ("# Option 1 …", "# Option 2 …" without an empty line between). */
function splitOffers(
  piece: BlockPiece & { kind: 'comments' },
): (BlockPiece & { kind: 'comments' })[] | undefined {
  const starts = piece.lines.flatMap((line, index) => (offer([line]).sign ? [index] : []));
  const [first, second] = starts.map((index) => offer([piece.lines[index]!]).sign!);
  if (starts[0] !== 0 || !first || !second || !sameChoice(first, second)) return undefined;
  return starts.map((start, index) => ({
    kind: 'comments',
    lines: piece.lines.slice(start, starts[index + 1]),
    apart: index === 0 ? piece.apart : true,
  }));
}

/**
 * True for commands of one block that do the same thing in another way: "Restore a specific backup" and "Restore the
 * latest backup" by one program, or a command and, captioned as such, the same with more options.
 */
function isVariant(first: Segment, other: Segment): boolean {
  if (first.sign || other.sign || first.pieces.length !== 1 || other.pieces.length !== 1) return false;
  const [one] = first.pieces;
  const [two] = other.pieces;
  if (one?.kind !== 'statement' || two?.kind !== 'statement') return false;
  if (one.captions.length === 0 || two.captions.length === 0) return false;
  const head = (text: string) => text.split(/\s+/).slice(0, 2).join(' ');
  const words = (text: string) => text.trim().toLowerCase().split(/\s+/);
  const [verb] = words(first.title);
  const picks = /\b(?:specific|particular|certain|given|latest|newest|most recent)\b/i;
  const same = head(one.excerpt.text) === head(two.excerpt.text) && one.excerpt.text !== two.excerpt.text;
  if (same && verb === words(other.title)[0] && (picks.test(first.title) || picks.test(other.title)))
    return true;
  return (
    two.excerpt.text.startsWith(`${one.excerpt.text} `) &&
    /^(?:with|without|dry[- ]run|only|using)\b/i.test(other.title)
  );
}

function firstWords(pieces: readonly BlockPiece[]): string {
  const first = pieces[0];
  if (first?.kind === 'statement')
    return shorten(first.excerpt.lines[0]?.text.replace(/\s*\\$/, '') ?? '', 50);
  return '';
}
