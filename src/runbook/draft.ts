import type { List, RootContent } from 'mdast';
import { isWholeCommand } from './doing-words.ts';
import type { Estimate } from './estimate.ts';
import { titleEstimate } from './estimate-reading.ts';
import { isPureLabel, labelOf } from './label.ts';
import { choiceTitle, optionSign, sameChoice } from './option-title.ts';
import { isBareCommand } from './prompt.ts';
import { endOf, type HeadedSection, ownEnd, startOf } from './section.ts';
import { asksToDo, plainText, shorten } from './wording.ts';
import { holdsBlock, type Material, materialSpan, type PieceSet, type Workshop } from './workshop.ts';

/** A step or choice before its parts are made. */
export type Draft = DraftStep | DraftChoice;

export interface DraftStep {
  readonly kind: 'step';
  readonly title: string;
  readonly number?: string;
  readonly estimate?: Estimate;
  start: number;
  end: number;
  readonly materials: Material[];
}

export interface DraftChoice {
  readonly kind: 'choice';
  readonly title: string;
  readonly start: number;
  end: number;
  readonly options: readonly {
    readonly title: string;
    readonly start: number;
    end: number;
    readonly items: readonly Draft[];
  }[];
}

/** The steps of a section's own content, and the words before the first of them. */
export interface Drafted {
  readonly items: readonly Draft[];
  readonly lead: readonly RootContent[];
}

const referenceTitle =
  /^(?:\d+[.)]\s*)?(?:overview(?: (?:of|for)\b.*)?|summary|background|introduction|about|purpose|scope|.*\b(?:strategy|polic(?:y|ies)|metrics|considerations|best practices|contents|references?|resources|glossary|scenarios|faq|changelog|limitations|alerts?|conditions|channels|features|trade-?offs|architecture)|next steps|future work|see also|related.*|cost.*|alternatives|when to .*|why .*|what .*|.*\bwhat happens\b.*|notes?|symptoms|objectives?|important files|access control|backup types|types of .*)\s*$/i;

/** True for sections to read, not to do, whatever lists they hold; only a block of commands makes them steps. */
export function isReferenceTitle(title: string): boolean {
  return referenceTitle.test(title.replace(/[^\p{L}\p{N} .&/()-]/gu, ' ').trim());
}

/** A heading's number ("2", "3.1") and estimate, and the words without them. */
export function readTitle(heading: string): {
  readonly title: string;
  readonly number?: string;
  readonly estimate?: Estimate;
  readonly step: boolean;
} {
  const { title, estimate } = titleEstimate(heading);
  const found =
    /^(?:(step|phase|stage|part|task)\s+#?(\d+(?:\.\d+)*|[a-z])\s*(?:[:.)–—-]|\s)\s*|((?:\d+\.)*\d+)(?:[.):]|\s+[-–—]|\ufe0f?\u20e3)\s+)(.+)$/iu.exec(
      title,
    );
  if (found && (found[2] || found[3]))
    return {
      title: found[4]!,
      number: (found[2] ?? found[3])!,
      step: found[1] !== undefined,
      ...(estimate && { estimate }),
    };
  const alone = /^(step|phase)\s+(\d+(?:\.\d+)*)$/i.exec(title);
  if (alone) return { title, number: alone[2]!, step: true, ...(estimate && { estimate }) };
  return { title, step: false, ...(estimate && { estimate }) };
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
    if (holdsBlock(item as unknown as RootContent, shop, true) || asksToDo(plainText(first ?? item))) doing++;
  }
  return linksOnly < list.children.length && doing * 2 >= list.children.length;
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

function isTabs(list: List, shop: Workshop): boolean {
  return list.children.every((item) =>
    /^(?:===|!!!|\?\?\?)/.test(
      shop.source.text.slice(
        startOf(item as unknown as RootContent),
        startOf(item as unknown as RootContent) + 3,
      ),
    ),
  );
}

/** True where a node holds something to do: commands, task items, or a list of things to do. */
export function isDoing(node: RootContent, shop: Workshop, title: string): boolean {
  switch (node.type) {
    case 'code':
      return ['commands', 'file'].includes(shop.readings.get(node)?.block.role ?? '');
    case 'html':
      return (shop.insideHtml.get(node) ?? []).some((reading) => reading.block.role === 'commands');
    case 'paragraph':
      return startsWithCommand(node);
    case 'blockquote':
    case 'footnoteDefinition':
      return holdsBlock(node, shop, true);
    case 'list':
      if (holdsBlock(node, shop, true)) return true;
      if (isReferenceTitle(title)) return false;
      if (node.children.some((item) => item.checked !== null && item.checked !== undefined)) return true;
      return (
        runsMostly(node) ||
        (isDoingList(node, shop) &&
          (node.ordered === true ||
            node.children.every((item) => {
              const text = plainText(item.children[0] ?? item);
              return asksToDo(text) || isBareCommand(text);
            })))
      );
    default:
      return false;
  }
}

/** Reads the content of one section (no headings in it) as steps and choices. */
export function draftContent(nodes: readonly RootContent[], title: string, shop: Workshop): Drafted {
  return new Drafting(title, shop).run(nodes);
}

/**
 * Walks once through a section's content; a class because the walk has much to remember. Long, because what a
 * node means depends on all of that memory, and rules split over files would each need the whole of it.
 */
class Drafting {
  private readonly items: Draft[] = [];
  private readonly title: string;
  private readonly shop: Workshop;
  private firstLead: RootContent[] | undefined;
  /** Words that wait for the step they belong to. */
  private lead: RootContent[] = [];
  private label: { readonly name: string; readonly neutral: boolean; used: boolean } | undefined;
  private open: DraftStep | undefined;
  /** The number that would continue an interrupted list. */
  private next: number | undefined;
  /** The step that a list without numbers has made and that a block right behind it, and more of the list, go on with. */
  private listed: DraftStep | undefined;
  /** Where the steps start that are ways to choose from, since the words before them say so. */
  private ways: number | undefined;

  constructor(title: string, shop: Workshop) {
    this.title = title;
    this.shop = shop;
  }

  run(nodes: readonly RootContent[]): Drafted {
    for (let at = 0; at < nodes.length; at++) {
      const choice = this.labelledChoice(nodes, at);
      if (choice) {
        this.settle();
        this.items.push(choice.draft);
        at = choice.end - 1;
        continue;
      }
      this.take(nodes[at]!, nodes.slice(at + 1, at + 40));
    }
    this.settle();
    const lead = this.firstLead ?? [];
    if (this.items.length > 0 || !lead.some(startsWithCommand)) return { items: this.items, lead };
    // Commands that only stand in sentences: they are offered in one step.
    const title = readTitle(this.title).title || 'Commands';
    const end = endOf(lead[lead.length - 1]!);
    return {
      items: [{ kind: 'step', title, start: startOf(lead[0]!), end, materials: [...lead] }],
      lead: [],
    };
  }

  /** "**Option 1: AWS S3**" … "**Option 2: …**": labels that offer ways, each with what follows it. */
  private labelledChoice(
    nodes: readonly RootContent[],
    from: number,
  ): { draft: DraftChoice; end: number } | undefined {
    const first = isPureLabel(nodes[from]!) ? optionSign(labelOf(nodes[from]!)!.name) : undefined;
    if (!first || first.by === 'or') return undefined;
    const starts = [from];
    // Bounded, so that thousands of labels do not each look through all that follow.
    const limit = Math.min(nodes.length, from + farthest);
    let end = limit;
    for (let at = from + 1; at < limit; at++) {
      if (!isPureLabel(nodes[at]!)) continue;
      const sign = optionSign(labelOf(nodes[at]!)!.name);
      // A label between two options belongs to the first of them; one behind the last ends the choice.
      if (sign && sameChoice(first, sign)) {
        starts.push(at);
        end = limit;
      } else if (end === limit) end = at;
    }
    if (starts.length < 2 || !nodes.slice(from, end).some((node) => isDoing(node, this.shop, this.title)))
      return undefined;
    const options = starts.map((start, index) => {
      const inside = nodes.slice(start + 1, starts[index + 1] ?? end);
      const name = labelOf(nodes[start]!)!.name;
      const drafted = draftContent(inside, name, this.shop);
      const last = inside[inside.length - 1] ?? nodes[start]!;
      return {
        title: name,
        start: startOf(nodes[start]!),
        end: endOf(last),
        items: withLead(drafted, name, startOf(nodes[start]!)),
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

  private take(node: RootContent, ahead: readonly RootContent[]): void {
    const { listed } = this;
    this.listed = undefined;
    if (listed && listed === this.open && (node.type === 'code' || (node.type === 'list' && !node.ordered))) {
      this.add(listed, node);
      this.listed = listed;
      return;
    }
    if (isPureLabel(node)) {
      const { name } = labelOf(node)!;
      // Inside a numbered step that will be continued, a label is a part of the step.
      if (this.open && this.next !== undefined && continues(ahead, this.next)) {
        this.add(this.open, node);
        return;
      }
      this.settle();
      this.label = {
        name,
        neutral:
          /^(?:steps?|procedure|process|instructions|recovery steps|resolution(?: steps)?|actions|how to|solution)s?$/i.test(
            name,
          ),
        used: false,
      };
      this.lead = [node];
      return;
    }
    switch (node.type) {
      case 'list':
        this.takeList(node, ahead);
        return;
      case 'code':
        this.takeCode(node);
        return;
      case 'blockquote':
      case 'html':
        if (isDoing(node, this.shop, this.title)) {
          this.takeDoing(node);
          return;
        }
        this.takeWords(node);
        return;
      case 'thematicBreak':
        if (this.next === undefined) this.open = undefined;
        return;
      case 'definition':
      case 'yaml':
        return;
      default:
        this.takeWords(node);
        return;
    }
  }

  private takeWords(node: RootContent): void {
    if (this.open && (this.next !== undefined || (this.label && !this.label.neutral && this.label.used)))
      this.add(this.open, node);
    else this.lead.push(node);
  }

  private takeList(list: List, ahead: readonly RootContent[]): void {
    if (list.children.length > 0 && isTabs(list, this.shop)) {
      this.takeTabs(list, ahead);
      return;
    }
    const ordered = list.ordered === true;
    const blocks = list.children.filter((item) =>
      holdsBlock(item as unknown as RootContent, this.shop, true),
    ).length;
    const start = list.start ?? 1;
    const goesOn = ordered && this.next !== undefined && start === this.next;
    const follows = ordered && continues(ahead, start + list.children.length);
    const steps =
      goesOn ||
      follows ||
      (ordered && ((isDoingList(list, this.shop) && !isReferenceTitle(this.title)) || blocks > 0)) ||
      (blocks >= 2 && blocks * 2 >= list.children.length);
    if (steps && !(this.label && /prerequisites?|before you/i.test(this.label.name) && blocks === 0)) {
      const lead = this.lead;
      this.lead = [];
      if (!goesOn) {
        this.closeWays();
        this.open = undefined;
        this.place(lead);
        if (ordered && announcesWays(lead)) this.ways = this.items.length;
      }
      list.children.forEach((item, index) => {
        const step = this.itemStep(
          item.children as RootContent[],
          ordered ? String(start + index) : undefined,
          startOf(item as unknown as RootContent),
          endOf(item as unknown as RootContent),
          item.checked,
        );
        if (item.checked !== null && item.checked !== undefined)
          step.materials.unshift(checkOnly(list, index));
        this.items.push(step);
        this.open = step;
      });
      // A list of one, or one that goes on later, is interrupted by what belongs to its last item.
      this.next =
        ordered && (goesOn || follows || list.children.length === 1)
          ? start + list.children.length
          : undefined;
      if (this.next === undefined) this.open = undefined;
      return;
    }
    if (
      !ordered &&
      list.children.length === 1 &&
      this.next === undefined &&
      blocks === 0 &&
      ahead[0]?.type === 'code'
    ) {
      // A lone bullet over a block is the block's title.
      this.lead.push(list);
      return;
    }
    if (this.open && this.next !== undefined) {
      this.add(this.open, list);
      return;
    }
    const needs =
      this.label !== undefined && /prerequisites?|requirements|before you|checklist/i.test(this.label.name);
    const goals =
      this.label !== undefined && /criteria|definition of done|expected results?/i.test(this.label.name);
    const told =
      announcesDoing(this.lead[this.lead.length - 1]) &&
      list.children.filter((item) => asksToDo(plainText(item.children[0] ?? item))).length * 2 >=
        list.children.length;
    if (isDoing(list, this.shop, this.title) || ((needs || goals || told) && !isReferenceTitle(this.title))) {
      this.takeDoing(list);
      if (told) this.listed = this.open;
      return;
    }
    this.takeWords(list);
  }

  /** MkDocs tabs are ways to choose from; admonitions are words, or hold what is to be done. */
  private takeTabs(list: List, ahead: readonly RootContent[]): void {
    const text = this.shop.source.text;
    const items = list.children.map((item) => {
      const start = startOf(item as unknown as RootContent);
      const line = text.slice(start, text.indexOf('\n', start) < 0 ? undefined : text.indexOf('\n', start));
      return {
        tab: line.startsWith('==='),
        title: /"([^"]*)"/.exec(line)?.[1] ?? '',
        start,
        end: endOf(item as unknown as RootContent),
        nodes: (item.children as RootContent[]).slice(1),
      };
    });
    const tabs = items.filter((item) => item.tab);
    if (
      tabs.length >= 2 &&
      tabs.length === items.length &&
      list.children.some((item) => holdsBlock(item as unknown as RootContent, this.shop, true))
    ) {
      this.settle();
      const options = tabs.map((tab) => ({
        title: tab.title,
        start: tab.start,
        end: tab.end,
        items: withLead(draftContent(tab.nodes, tab.title, this.shop), tab.title, tab.start),
      }));
      this.items.push({
        kind: 'choice',
        title: 'Which way?',
        start: options[0]!.start,
        end: options[options.length - 1]!.end,
        options,
      });
      return;
    }
    for (const item of items) for (const node of item.nodes) this.take(node, ahead);
  }

  private takeCode(node: RootContent): void {
    const reading = this.shop.readings.get(node);
    const doing = reading?.block.role === 'commands' || reading?.block.role === 'file';
    const last = this.items[this.items.length - 1];
    if (this.open && (this.next !== undefined || (this.label && !this.label.neutral && this.label.used))) {
      this.add(this.open, node);
      return;
    }
    if (!doing) {
      if (
        this.lead.length <= 1 &&
        last?.kind === 'step' &&
        (this.label === undefined || this.label.used || this.label.neutral)
      ) {
        for (const words of this.lead.splice(0)) this.add(last, words);
        this.add(last, node);
        return;
      }
      this.lead.push(node);
      return;
    }
    const numbered = reading ? this.numberedSteps(reading) : undefined;
    if (numbered) {
      const lead = this.lead.splice(0);
      this.place(lead);
      this.items.push(...numbered);
      this.open = undefined;
      return;
    }
    this.takeDoing(node);
  }

  /** "# 1. …", "# 2. …" above the commands of one block: each is a step. */
  private numberedSteps(
    reading: NonNullable<ReturnType<Workshop['readings']['get']>>,
  ): DraftStep[] | undefined {
    const steps: {
      number: string;
      title: string;
      set: PieceSet & { pieces: (typeof reading.pieces)[number][] };
    }[] = [];
    for (const piece of reading.pieces) {
      const first =
        piece.kind === 'statement'
          ? piece.captions[0]?.text
          : piece.kind === 'comments'
            ? piece.lines[0]?.text
            : undefined;
      const found = /^(?:step\s+)?(\d+)\s*[.):]\s+(.+)$/i.exec(first ?? '');
      if (
        found &&
        Number(found[1]) === steps.length + 1 &&
        (piece.kind === 'statement' || (piece.kind === 'comments' && piece.lines.length === 1))
      )
        steps.push({
          number: found[1]!,
          title: found[2]!,
          set: { type: 'pieces', reading, pieces: [piece] },
        });
      else if (steps.length === 0) return undefined;
      else steps[steps.length - 1]!.set.pieces.push(piece);
    }
    if (steps.length < 2) return undefined;
    return steps.map(({ number, title, set }) => ({
      kind: 'step',
      number,
      title: shorten(title),
      ...materialSpan(set),
      materials: [set],
    }));
  }

  /** Something to do that no list numbers: a step of its own, or of the label above it. */
  private takeDoing(node: RootContent): void {
    if (this.open && this.label && !this.label.neutral && this.label.used) {
      this.add(this.open, node);
      return;
    }
    const lead = this.lead.splice(0);
    const words = lead.filter(
      (one, at) =>
        one.type === 'paragraph' ||
        (one.type === 'list' && (one.children.length === 1 || lead[at - 1]?.type !== 'paragraph')),
    );
    const title =
      this.label && !this.label.neutral ? this.label.name : this.titleFrom(words[words.length - 1], node);
    const near = this.items.length === 0 && !this.label ? lastWords(lead) : lead;
    if (near.length < lead.length) this.place(lead.slice(0, lead.length - near.length));
    const step: DraftStep = {
      kind: 'step',
      title,
      start: startOf(near[0] ?? node),
      end: endOf(node),
      materials: [
        ...near.filter((one) =>
          one.type === 'list'
            ? one.children.length > 1 || title !== shorten(plainText(one), 90)
            : !isPureLabel(one) || title !== labelOf(one)?.name,
        ),
        node,
      ],
    };
    if (isOr(words[words.length - 1]) && this.joinChoice(step)) return;
    this.items.push(step);
    this.open = step;
    this.next = undefined;
    if (this.label) this.label.used = true;
  }

  /** Blocks joined by the word "or" are ways to choose from. */
  private joinChoice(step: DraftStep): boolean {
    const last = this.items.pop();
    if (!last) return false;
    const asOption = (one: DraftStep) => ({
      title: this.firstLine(one) ?? one.title,
      start: one.start,
      end: one.end,
      items: [one],
    });
    const earlier =
      last.kind === 'choice' ? (last.title === eitherOr ? last.options : undefined) : [asOption(last)];
    if (!earlier) {
      this.items.push(last);
      return false;
    }
    const own: DraftStep = {
      ...step,
      title: /^or\W*$/i.test(step.title)
        ? (stepTitle(earlier[0]?.items[0]) ?? step.title)
        : step.title.replace(/^or\b[\s,:]*/i, ''),
    };
    const option = asOption(own);
    const known = earlier.some((one) => one.title === option.title);
    const title = known ? `${option.title} (${earlier.length + 1})` : option.title;
    this.items.push({
      kind: 'choice',
      title: eitherOr,
      start: last.start,
      end: step.end,
      options: [...earlier, { ...option, title }],
    });
    this.open = undefined;
    return true;
  }

  /** The line that tells one way from another: what its block runs first, or says above that. */
  private firstLine(step: DraftStep): string | undefined {
    const code = step.materials.find((material) => material.type === 'code');
    const first = (code && this.shop.readings.get(code)?.pieces)?.find((piece) => piece.kind === 'statement');
    const list = step.materials.find((material) => material.type === 'list');
    if (!code && list?.type === 'list') return shorten(plainText(list.children[0]), 70);
    if (first?.kind !== 'statement') return undefined;
    return shorten(first.captions[0]?.text ?? first.excerpt.lines[0]?.text.replace(/\s*\\$/, '') ?? '', 70);
  }

  private titleFrom(words: RootContent | undefined, node: RootContent): string {
    const text = words ? plainText(words) : '';
    const sentences = text.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
    const last = sentences.slice(-1)[0] ?? '';
    if (last !== '' && last.length <= 90 && (/:\s*$/.test(last) || asksToDo(last))) return shorten(last, 90);
    const reading = node.type === 'code' ? this.shop.readings.get(node) : undefined;
    const statements = reading?.pieces.filter((piece) => piece.kind === 'statement') ?? [];
    const caption =
      statements.length === 1 && statements[0]!.kind === 'statement'
        ? statements[0]!.captions[0]?.text
        : undefined;
    if (this.items.length > 0 && caption) return shorten(caption);
    // What follows the first sentence explains it, unless it asks for something.
    if (this.items.length > 0 && last !== '') return shorten(sentences[0]!);
    return readTitle(this.title).title || 'Commands';
  }

  /** An item of a list as a step: its first words are the title, the rest is what it is made of. */
  private itemStep(
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

  private add(step: DraftStep, node: RootContent): void {
    step.materials.push(node);
    step.end = Math.max(step.end, endOf(node));
  }

  /** Puts words where they belong: before the first step, or at the end of the last. */
  private place(words: readonly RootContent[]): void {
    const last = this.items[this.items.length - 1];
    if (this.items.length === 0) this.firstLead = [...(this.firstLead ?? []), ...words];
    else if (last?.kind === 'step') for (const word of words) this.add(last, word);
  }

  /** Makes one choice of the steps that are ways to choose from. */
  private closeWays(): void {
    if (this.ways === undefined) return;
    const taken = this.items.slice(this.ways);
    const ways = taken.filter((item) => item.kind === 'step');
    if (ways.length >= 2 && ways.length === taken.length) {
      this.items.splice(this.ways);
      this.items.push({
        kind: 'choice',
        title: 'Which way?',
        start: ways[0]!.start,
        end: ways[ways.length - 1]!.end,
        options: ways.map((way) => ({ title: way.title, start: way.start, end: way.end, items: [way] })),
      });
    }
    this.ways = undefined;
  }

  private settle(): void {
    this.place(this.lead.splice(0));
    this.closeWays();
    this.open = undefined;
    this.next = undefined;
    this.label = undefined;
  }
}

/** How many nodes behind a label are looked at for the next option. */
const farthest = 300;
const eitherOr = 'Either, or?';

/** True for the word "or" that stands between two blocks. */
function isOr(node: RootContent | undefined): boolean {
  return (
    node?.type === 'paragraph' && /^(?:or|alternatively)\b(?:\W*$|[^.]{0,80}:\s*$)/i.test(plainText(node))
  );
}

/** A sentence that shows a command first: "`wal-g get-stream NAME file` writes the file". */
function startsWithCommand(node: RootContent): boolean {
  const first = node.type === 'paragraph' ? node.children[0] : undefined;
  return (
    first?.type === 'inlineCode' &&
    isWholeCommand(first.value.trim()) &&
    /\s-|[/|<>=]|\s[A-Z][A-Z_]{2,}/.test(first.value)
  );
}

function hasCode(node: RootContent): boolean {
  return (
    'children' in node &&
    node.children.some(
      (child) => child.type === 'inlineCode' || ('children' in child && hasCode(child as RootContent)),
    )
  );
}

function stepTitle(item: Draft | undefined): string | undefined {
  return item?.kind === 'step' ? item.title : undefined;
}

/** A task item whose content makes a step keeps its tick. */
function checkOnly(list: List, index: number): RootContent {
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

/**
 * Only the paragraph right before a block belongs to it, or a list there with the paragraph that announces it; what
 * stands earlier introduces the procedure.
 */
function lastWords(lead: readonly RootContent[]): readonly RootContent[] {
  const last = lead[lead.length - 1];
  const from = last?.type === 'list' && last.children.length > 1 ? lead.length - 2 : lead.length - 1;
  const words = lead[from];
  if (words?.type === 'paragraph' && /:\s*$/.test(plainText(words))) return lead.slice(from);
  return last?.type === 'list' ? [last] : [];
}

/** "Restore procedure:", "Do the following:": what comes is to be done, if only most of it reads so. */
function announcesDoing(node: RootContent | undefined): boolean {
  return (
    node?.type === 'paragraph' &&
    /\b(?:steps|procedure|do the following|as follows|following (?:steps|actions|things|commands))\b[^.]*:\s*$/i.test(
      plainText(node),
    )
  );
}

/** "There are two main options for rolling back.": what is numbered then are ways, not steps. */
function announcesWays(nodes: readonly RootContent[]): boolean {
  const ways =
    /\b(?:two|three|four|several|following|multiple|different|various|these)\b[^.:]{0,40}\b(?:options|ways|methods|approaches|alternatives|possibilities|strategies)\b(?! (?:is|was))/i;
  return nodes.some((node) => node.type === 'paragraph' && ways.test(plainText(node)));
}

/** True where an ordered list further on, before any label, goes on with the number. */
function continues(ahead: readonly RootContent[], next: number): boolean {
  for (const node of ahead) {
    if (node.type === 'list' && node.ordered) return (node.start ?? 1) === next;
    if (node.type === 'heading') return false;
  }
  return false;
}

/** Items for an option: where nothing is to be done by command, its words still make a step. */
export function withLead(drafted: Drafted, title: string, start: number): readonly Draft[] {
  const [first] = drafted.items;
  if (drafted.lead.length === 0) return drafted.items;
  const end = endOf(drafted.lead[drafted.lead.length - 1]!);
  if (first?.kind === 'step') {
    first.materials.unshift(...drafted.lead);
    first.start = Math.min(first.start, startOf(drafted.lead[0]!));
    return drafted.items;
  }
  return [{ kind: 'step', title, start, end, materials: [...drafted.lead] }, ...drafted.items];
}

/** Everything of a section and of those below it, headings included, in document order. */
export function flatten(section: HeadedSection): RootContent[] {
  const out: RootContent[] = [...section.nodes];
  for (const child of section.children) {
    out.push({
      type: 'heading',
      depth: Math.max(1, child.level) as 1,
      children: [{ type: 'text', value: child.title }],
      position: position(child.start, child.nodes[0] ? startOf(child.nodes[0]) : ownEnd(child)),
    });
    out.push(...flatten(child));
  }
  return out;
}

function position(start: number, end: number) {
  return { start: { line: 1, column: 1, offset: start }, end: { line: 1, column: 1, offset: end } };
}
