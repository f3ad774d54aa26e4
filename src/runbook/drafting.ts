import type { Code, List, RootContent } from 'mdast';
import {
  announcesDoing,
  announcesWays,
  continues,
  isOr,
  lastWords,
  pointsElsewhere,
} from './announcement.ts';
import { innerSteps, isDoing, isDoingBlock, isDoingList, mayBeTyped, startsWithCommand } from './doing.ts';
import type { Draft, Drafted, DraftStep } from './draft.ts';
import { choiceOfSteps, joinChoice, labelledChoice } from './draft-choice.ts';
import { checkOnly, stepsOfItem } from './item-step.ts';
import { isPureLabel, labelOf } from './label.ts';
import { numberedSteps } from './numbered-comments.ts';
import { endOf, startOf } from './section.ts';
import { isReferenceTitle, readTitle } from './section-title.ts';
import { isTabs, tabsOf } from './tab-draft.ts';
import { rowSteps } from './table-steps.ts';
import { asksToDo, plainText, shorten } from './wording.ts';
import { holdsBlock, type Workshop } from './workshop.ts';

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
  /** Reads content inside of this content. */
  private readonly draft = (nodes: readonly RootContent[], title: string): Drafted =>
    draftContent(nodes, title, this.shop);

  constructor(title: string, shop: Workshop) {
    this.title = title;
    this.shop = shop;
  }

  run(nodes: readonly RootContent[]): Drafted {
    for (let at = 0; at < nodes.length; at++) {
      const choice = labelledChoice(nodes, at, this.title, this.shop, this.draft);
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
    const offers = (node: RootContent) => startsWithCommand(node) || mayBeTyped(node, this.shop, this.title);
    if (this.items.length > 0 || !lead.some(offers)) return { items: this.items, lead };
    // Commands that only stand in sentences, or only in what is announced: they are offered in one step.
    const title = readTitle(this.title).title || 'Commands';
    const end = endOf(lead[lead.length - 1]!);
    return {
      items: [{ kind: 'step', title, start: startOf(lead[0]!), end, materials: [...lead] }],
      lead: [],
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
      case 'table': {
        const rows = isDoing(node, this.shop, this.title) ? rowSteps(node) : undefined;
        if (rows) {
          this.place(this.lead.splice(0));
          this.items.push(...rows);
          this.open = undefined;
          return;
        }
        this.takeWordsOrDoing(node);
        return;
      }
      case 'blockquote':
      case 'html':
        this.takeWordsOrDoing(node);
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

  private takeWordsOrDoing(node: RootContent): void {
    if (isDoing(node, this.shop, this.title)) this.takeDoing(node);
    else this.takeWords(node);
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
      (blocks >= 2 && blocks * 2 >= list.children.length) ||
      (!ordered &&
        list.children.some((item) => innerSteps(item, this.shop)) &&
        isDoing(list, this.shop, this.title));
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
        if (index > 0 && this.open && pointsElsewhere(item)) {
          for (const node of item.children) this.add(this.open, node);
          return;
        }
        const own = stepsOfItem(item, ordered ? String(start + index) : undefined, this.shop);
        if (item.checked !== null && item.checked !== undefined)
          own[0]!.materials.unshift(checkOnly(list, index));
        this.items.push(...own);
        this.open = own[own.length - 1];
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

  private takeTabs(list: List, ahead: readonly RootContent[]): void {
    const found = tabsOf(list, this.shop, this.draft);
    if ('kind' in found) {
      this.settle();
      this.items.push(found);
    } else for (const node of found) this.take(node, ahead);
  }

  private takeCode(node: Code): void {
    const reading = this.shop.readings.get(node);
    const doing = isDoingBlock(node, this.shop);
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
    const numbered = reading ? numberedSteps(reading) : undefined;
    if (numbered) {
      const lead = this.lead.splice(0);
      this.place(lead);
      this.items.push(...numbered);
      this.open = undefined;
      return;
    }
    this.takeDoing(node);
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
    const heading = isOr(words[words.length - 1]) ? words[words.length - 2] : words[words.length - 1];
    const title = this.label && !this.label.neutral ? this.label.name : this.titleFrom(heading, node);
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
    const last = this.items[this.items.length - 1];
    const joined = last && isOr(words[words.length - 1]) ? joinChoice(last, step, this.shop) : undefined;
    if (joined) {
      this.items[this.items.length - 1] = joined;
      this.open = undefined;
      return;
    }
    this.items.push(step);
    this.open = step;
    this.next = undefined;
    if (this.label) this.label.used = true;
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
    const choice = choiceOfSteps(this.items.slice(this.ways));
    if (choice) this.items.splice(this.ways, this.items.length, choice);
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
