import type { RootContent } from 'mdast';
import { countsWays } from './announcement.ts';
import { type OptionSign, optionSign } from './option-title.ts';
import { phases } from './phase.ts';
import { phaseOfTitle } from './phase-reading.ts';
import type { HeadedSection } from './section.ts';
import { readTitle } from './section-title.ts';
import { plainText } from './wording.ts';
import { holdsBlock, type Workshop } from './workshop.ts';

const troubleTitle =
  /\b(?:troubleshoot\w*|common (?:issues|problems|errors)|known (?:issues|problems)|possible (?:issues|problems)|faq|frequently asked|gotchas|if something goes wrong|failure modes)\b/i;
const contactTitle =
  /^(?:[^\p{L}]*)(?:emergency |key |important |on-?call |support )?(?:contacts?(?: information| list| us)?|escalation(?: path| contacts?| matrix)?|incident response team|who to (?:call|contact)|points? of contact)\b/iu;
const contentsTitle = /^(?:table of )?contents$|^toc$/i;
/** Titles that name a procedure. */
export const procedureTitle = /\b(?:procedures?|runbook|setup|recovery|playbook|how to)\b/i;

/** True for the title of a section that names people and channels. */
export function isContactTitle(title: string): boolean {
  return contactTitle.test(title);
}

/** True for the title of a section that says what helps where something goes wrong. */
export function isTroubleTitle(title: string): boolean {
  return troubleTitle.test(title);
}

/** True for a table of contents. */
export function isContents(title: string): boolean {
  return contentsTitle.test(title);
}

/** True for sections that are never part of a procedure: contents, contacts, troubleshooting. */
export function isAside({ title }: HeadedSection): boolean {
  return isContents(title) || isContactTitle(title) || isTroubleTitle(title);
}

/** Commands to look up: run from top to bottom they would do one thing and its opposite. */
export function isCheatSheet(title: string): boolean {
  return /\bquick reference\b|\bcheat ?sheet\b|\b(?:common|useful|handy|helpful) commands\b/i.test(title);
}

/** What a team wants to do one day; ticking it off restores nothing. */
export function isWishList(title: string): boolean {
  return /^(?:improving\b|(?:future|planned|possible|potential) (?:improvements?|work|steps)\b|improvements?$|roadmap\b|backlog\b|wish ?list\b|to-?dos?(?: list)?$|ideas\b|open (?:items|questions|points)$)/i.test(
    title.replace(/^[^\p{L}]+/u, ''),
  );
}

/** A section that only says that it holds the steps of the one above it. */
export function isNeutral({ title, children }: HeadedSection): boolean {
  return (
    children.length === 0 &&
    /^(?:the )?(?:steps?|procedure|process|instructions|how to|walkthrough|configuration|setup|usage|behaviou?r)$/i.test(
      title.trim(),
    )
  );
}

/** How a section offers one of several ways: by its heading, as a tab, or by what speaks for it and against it. */
export function offerOf({ title, tab, nodes }: HeadedSection): OptionSign | undefined {
  return tab || isWeighed(nodes) ? { by: 'way' } : optionSign(readTitle(title).title);
}

/** "Pros: … Cons: …": nobody weighs what has no alternative. */
export function isWeighed(nodes: readonly RootContent[]): boolean {
  const texts = nodes
    .slice(0, 20)
    .flatMap((node) => (node.type === 'list' ? node.children.slice(0, 20) : [node]))
    .map((node) => plainText(node).slice(0, 40));
  const says = (sign: RegExp) => texts.some((text) => sign.test(text));
  return (
    says(/^(?:✅\s*)?(?:pros?|advantages?|benefits?)\s*:/iu) &&
    says(/^(?:❌\s*)?(?:cons?|disadvantages?|drawbacks?)\s*:/iu)
  );
}

/**
 * "There are 2 ways to start replication:" with a list of two, and then two sections in a row, "Restoring with …" and
 * "Restoring with …": these are the ways. Empty where the words, the list and the sections do not agree.
 */
export function announcedWays(
  nodes: readonly RootContent[],
  children: readonly HeadedSection[],
): readonly HeadedSection[] {
  const at = nodes.findIndex(
    (node, index) =>
      node.type === 'paragraph' &&
      nodes[index + 1]?.type === 'list' &&
      countsWays(plainText(node)) !== undefined,
  );
  const list = nodes[at + 1];
  if (at < 0 || list?.type !== 'list' || countsWays(plainText(nodes[at]!)) !== list.children.length)
    return [];
  const called = (section: HeadedSection) =>
    /^\p{L}+(?: \p{L}+){0,3}? (?:with|from|using|via|by|through)(?= )/iu.exec(
      readTitle(section.title).title,
    )?.[0];
  const first = children.findIndex(
    (child, index) =>
      called(child) !== undefined && called(child) === (children[index + 1] && called(children[index + 1]!)),
  );
  if (first < 0) return [];
  const alike = children.filter((child) => called(child) === called(children[first]!));
  const inRow = children.slice(first, first + list.children.length);
  return alike.length === inRow.length && alike.every((child, index) => child === inRow[index]) ? inRow : [];
}

/** An ordered list that names the numbered sections below it and holds nothing itself: it is their contents. */
export function announcing(
  nodes: readonly RootContent[],
  sections: number,
  shop: Workshop,
): RootContent | undefined {
  return nodes.find(
    (node) =>
      node.type === 'list' &&
      node.ordered === true &&
      sections >= 3 &&
      node.children.length === sections &&
      !holdsBlock(node, shop),
  );
}

/** The children whose headings carry a number. */
export function numberedOf(children: readonly HeadedSection[]): readonly HeadedSection[] {
  return children.filter((child) => readTitle(child.title).number !== undefined);
}

/** Sections whose titles walk through at least three phases of a restore, in order, are its steps. */
export function inPhases(children: readonly HeadedSection[]): boolean {
  const found = children
    .map((child) => phaseOfTitle(child.title, true)?.phase)
    .filter((phase) => phase !== undefined);
  const places = found.map((phase) => phases.indexOf(phase));
  const rising = places.every((place, index) => index === 0 || place >= places[index - 1]!);
  return rising && new Set(found).size >= 4 && found.length * 3 >= children.length * 2;
}
