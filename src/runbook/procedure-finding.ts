// One noun although it is long: which sections are procedures, and what belongs to each, is one question with one
// walk over the headings; taken apart, every rule would need all the state of the others.
import type { RootContent } from 'mdast';
import { isDoing, isDoingList } from './doing.ts';
import { type Draft, type DraftChoice, type DraftStep, withLead } from './draft.ts';
import { draftContent } from './drafting.ts';
import { choiceTitle, type OptionSign, sameChoice } from './option-title.ts';
import { endOf, flatten, type HeadedSection, ownEnd } from './section.ts';
import { adopted } from './section-adoption.ts';
import {
  announcedWays,
  announcing,
  inPhases,
  isAside,
  isCheatSheet,
  isContactTitle,
  isContents,
  isNeutral,
  isTroubleTitle,
  isWishList,
  numberedOf,
  offerOf,
  procedureTitle,
} from './section-kind.ts';
import { isReferenceTitle, readTitle } from './section-title.ts';
import { asksToDo } from './wording.ts';
import { holdsBlock, type Workshop } from './workshop.ts';

/** A procedure before its steps are made. */
export interface DraftProcedure {
  readonly title: string;
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly lead: readonly RootContent[];
  readonly items: readonly Draft[];
}

/** What the sections of a document are for. */
export interface Survey {
  readonly procedures: readonly DraftProcedure[];
  readonly references: readonly { readonly section: HeadedSection; readonly path: readonly string[] }[];
  readonly troubles: readonly HeadedSection[];
  readonly contacts: readonly HeadedSection[];
}

/** Finds the procedures of a document, and says what its other sections are for. */
export function surveySections(root: HeadedSection, shop: Workshop): Survey {
  return new Surveying(shop).run(root);
}

function isTicked(node: RootContent): boolean {
  return node.type === 'list' && node.children.some((item) => typeof item.checked === 'boolean');
}

class Surveying {
  private readonly procedures: DraftProcedure[] = [];
  private readonly references: { section: HeadedSection; path: readonly string[] }[] = [];
  private readonly troubles: HeadedSection[] = [];
  private readonly contacts: HeadedSection[] = [];
  private readonly doing = new Map<HeadedSection, boolean>();
  private readonly shop: Workshop;

  constructor(shop: Workshop) {
    this.shop = shop;
  }

  run(root: HeadedSection): Survey {
    const tops = root.children.filter((child) => child.level === 1);
    // A single H1 is the document's title, whatever level the rest starts at.
    const titled =
      tops.length === 1 &&
      root.children[0] === tops[0] &&
      !root.children.slice(1).some((child) => child.level <= 1);
    this.visit(root, [], titled ? -1 : 0);
    return {
      procedures: this.procedures,
      references: this.references,
      troubles: this.troubles,
      contacts: this.contacts,
    };
  }

  /** `depth` is 0 for the document's title, 1 for its chapters, and so on. */
  private visit(section: HeadedSection, path: readonly string[], depth: number): void {
    if (section.level > 0 && this.isSpecial(section)) return;
    const below = section.level === 0 ? path : [...path, section.title];
    const read =
      isCheatSheet(section.title) ||
      (isReferenceTitle(section.title) && !this.holdsCommands(section)) ||
      (isWishList(section.title) && !section.nodes.some((node) => holdsBlock(node, this.shop, true)));
    if (section.level > 0 && depth > 0 && read) {
      this.toRead(section, path);
      return;
    }
    if (section.level > 0 && this.isProcedure(section, depth)) {
      this.procedures.push(this.draft(section, path));
      return;
    }
    if (this.ownDoing(section)) {
      const drafted = draftContent(section.nodes, section.title, this.shop);
      if (drafted.items.length > 0)
        this.procedures.push({
          title: section.title,
          path,
          start: section.start,
          end: ownEnd(section),
          lead: drafted.lead,
          items: drafted.items,
        });
    } else if (section.level > 0 && depth > 0 && section.nodes.length > 0)
      this.references.push({ section, path });
    const children = adopted(section.children, {
      own: (one) => this.ownDoing(one),
      any: (one) => this.hasDoing(one),
    });
    for (const child of children) this.visit(child, below, depth + 1);
  }

  /** A section to read, and all below it. */
  private toRead(section: HeadedSection, path: readonly string[]): void {
    if (section.level > 0 && this.isSpecial(section)) return;
    if (section.nodes.length > 0) this.references.push({ section, path });
    for (const child of section.children) this.toRead(child, [...path, section.title]);
  }

  private holdsCommands(section: HeadedSection): boolean {
    return (
      section.nodes.some((node) => holdsBlock(node, this.shop, true) || isTicked(node)) ||
      section.children.some((child) => this.holdsCommands(child))
    );
  }

  private isSpecial(section: HeadedSection): boolean {
    if (isContents(section.title)) return true;
    if (isContactTitle(section.title)) {
      this.contacts.push(section);
      return true;
    }
    if (isTroubleTitle(section.title) && !/\bstep\b/i.test(section.title)) {
      this.troubles.push(section);
      return true;
    }
    return false;
  }

  private ownDoing(section: HeadedSection): boolean {
    return section.nodes.some((node) => isDoing(node, this.shop, section.title));
  }

  private hasDoing(section: HeadedSection): boolean {
    const known = this.doing.get(section);
    if (known !== undefined) return known;
    const found =
      this.ownDoing(section) || section.children.some((child) => !isAside(child) && this.hasDoing(child));
    this.doing.set(section, found);
    return found;
  }

  private isProcedure(section: HeadedSection, depth: number): boolean {
    if (!this.hasDoing(section)) return false;
    const children = section.children.filter((child) => !isAside(child) && this.hasDoing(child));
    if (children.length === 0) return true;
    if (depth >= 1 && children.length === 1 && isNeutral(children[0]!)) return true;
    if (announcing(section.nodes, numberedOf(section.children).length, this.shop)) return true;
    if (this.stepsIn(section.children).length >= 2) return !this.splitsIntoProcedures(section);
    if (
      this.stepsIn(section.children).length === 1 &&
      depth >= 1 &&
      readTitle(this.stepsIn(section.children)[0]!.title).step
    )
      return true;
    if (depth >= 1 && this.optionsIn(section.children, section).length > 0) return true;
    const leaves = children.every((child) => !child.children.some((one) => this.hasDoing(one)));
    if (depth >= 2 && leaves) return true;
    if (
      depth >= 1 &&
      leaves &&
      children.length >= 4 &&
      /\b(?:process|procedure|steps)$/i.test(section.title) &&
      !children.some((child) => procedureTitle.test(child.title))
    )
      return true;
    if (leaves && inPhases(children)) return true;
    return (
      depth >= 1 &&
      leaves &&
      /\b(?:procedure|steps|instructions|checklists?)$/i.test(section.title) &&
      !children.some((child) => procedureTitle.test(child.title))
    );
  }

  /** Children that name procedures of their own ("On-Demand Backup Procedure") next to the numbered ones. */
  private splitsIntoProcedures(section: HeadedSection): boolean {
    return section.children.some(
      (child) => /\bprocedure\b/i.test(child.title) && readTitle(child.title).number === undefined,
    );
  }

  /** Numbered children that are steps and not chapters: they hold what is to be done themselves. */
  private stepsIn(children: readonly HeadedSection[]): readonly HeadedSection[] {
    const numbered = children.filter((child) => readTitle(child.title).number !== undefined);
    if (numbered.length === 0) return [];
    if (numbered.some((child) => readTitle(child.title).step)) return numbered;
    const direct = numbered.filter(
      (child) => this.ownDoing(child) || (child.children.length === 0 && child.nodes.length > 0),
    );
    const doing = numbered.filter((child) => this.hasDoing(child));
    return direct.length * 2 >= numbered.length && doing.length >= 1 && doing.length * 3 >= numbered.length
      ? numbered
      : [];
  }

  /** Groups of neighbours that offer ways to choose from. */
  private optionsIn(
    children: readonly HeadedSection[],
    { nodes }: Pick<HeadedSection, 'nodes'>,
  ): readonly (readonly HeadedSection[])[] {
    const announced = announcedWays(nodes, children);
    if (announced.length > 0 && announced.every((child) => this.hasDoing(child))) return [announced];
    const groups: HeadedSection[][] = [];
    let last: { sign: OptionSign; group: HeadedSection[] } | undefined;
    for (const child of children) {
      const sign = offerOf(child);
      if (sign && last && sameChoice(last.sign, sign)) last.group.push(child);
      else if (sign && sign.by !== 'or') {
        last = { sign, group: [child] };
        groups.push(last.group);
      } else last = undefined;
    }
    return groups.filter((group) => group.length >= 2 && group.some((child) => this.hasDoing(child)));
  }

  private draft(section: HeadedSection, path: readonly string[]): DraftProcedure {
    const contents = announcing(section.nodes, numberedOf(section.children).length, this.shop);
    const own = contents
      ? { items: [], lead: section.nodes }
      : draftContent(section.nodes, section.title, this.shop);
    const items: Draft[] = [...own.items];
    const lead = [...own.lead];
    const steps = new Set(contents ? numberedOf(section.children) : this.stepsIn(section.children));
    const numbered = steps.size >= 1 && (steps.size >= 2 || readTitle([...steps][0]!.title).step);
    const lastStep = numbered
      ? section.children.findLastIndex((child) => steps.has(child))
      : section.children.length - 1;
    const inside = section.children.slice(0, lastStep + 1);
    const after = section.children.slice(lastStep + 1);
    const asides = inside.filter((child) => isAside(child));
    const body = inside.filter((child) => !asides.includes(child));
    items.push(...this.children(body, numbered, path, section, lead));
    for (const aside of asides) this.isSpecial(aside);
    for (const child of after) this.visit(child, [...path, section.title], 2);
    const end = after[0]?.start ?? section.end;
    return { title: section.title, path, start: section.start, end, lead, items };
  }

  private children(
    body: readonly HeadedSection[],
    numbered: boolean,
    path: readonly string[],
    parent: HeadedSection,
    lead?: RootContent[],
  ): readonly Draft[] {
    const items: Draft[] = [];
    const groups = this.optionsIn(body, parent);
    const doing = body.filter((child) => this.hasDoing(child)).length;
    for (let at = 0; at < body.length; at++) {
      const child = body[at]!;
      if (doing === 1 && this.hasDoing(child) && (isNeutral(child) || this.isNumberedList(child))) {
        const own = draftContent(child.nodes, parent.title, this.shop);
        if (lead) lead.push(...own.lead);
        items.push(...(lead ? own.items : withLead(own, parent.title, child.start)));
        continue;
      }
      const group = groups.find((one) => one[0] === child);
      if (group) {
        items.push(this.choice(group));
        at += group.length - 1;
        continue;
      }
      // Between steps, a heading that asks for something is a step too, if only words stand under it.
      const asks = doing >= 2 && asksToDo(readTitle(child.title).title) && !isReferenceTitle(child.title);
      if (!this.hasDoing(child) && !asks && !(numbered && readTitle(child.title).number !== undefined)) {
        this.references.push({ section: child, path: [...path, parent.title] });
        continue;
      }
      items.push(this.stepOf(child));
    }
    return items;
  }

  /** A section, "### Production", that is all of a procedure and numbers its steps in a list. */
  private isNumberedList({ nodes, children }: HeadedSection): boolean {
    return (
      children.length === 0 &&
      nodes.some(
        (node) =>
          node.type === 'list' &&
          node.ordered === true &&
          node.children.length > 2 &&
          (isDoingList(node, this.shop) || holdsBlock(node, this.shop, true)),
      )
    );
  }

  private stepOf(section: HeadedSection): DraftStep {
    const { title, number, estimate } = readTitle(section.title);
    const materials = flatten(section);
    const last = materials[materials.length - 1];
    return {
      kind: 'step',
      title,
      start: section.start,
      end: Math.max(last ? endOf(last) : section.start, Math.min(section.end, section.start + 1)),
      materials,
      ...(number && { number }),
      ...(estimate && { estimate }),
    };
  }

  private choice(group: readonly HeadedSection[]): DraftChoice {
    const options = group.map((section) => {
      // What only the words above it make a way is read as the section that it would be without them.
      if (!offerOf(section)) {
        const step = this.stepOf(section);
        return { title: step.title, start: section.start, end: section.end, items: [step] };
      }
      const drafted = draftContent(section.nodes, section.title, this.shop);
      const body = section.children.filter((child) => !isAside(child));
      const numbered = this.stepsIn(body).length >= 2;
      const below = this.children(body, numbered, [], section);
      const items = withLead(
        { items: [...drafted.items, ...below], lead: drafted.lead },
        section.title,
        section.start,
      );
      return { title: readTitle(section.title).title, start: section.start, end: section.end, items };
    });
    const signs = group.map((section): OptionSign => offerOf(section) ?? { by: 'way' });
    return {
      kind: 'choice',
      title: choiceTitle(signs),
      start: group[0]!.start,
      end: group[group.length - 1]!.end,
      options,
    };
  }
}
