import { asksForSomething, byHand } from './asking-step.ts';
import type { Choice, Item, Option } from './choice.ts';
import type { Draft, DraftStep } from './draft.ts';
import type { Estimate } from './estimate.ts';
import { readEstimate } from './estimate-reading.ts';
import { placesIn, readInputs } from './input-reading.ts';
import { keyedLines } from './label.ts';
import { optionTags } from './option-title.ts';
import type { Part } from './part.ts';
import { makeParts } from './part-making.ts';
import {
  isMereLook,
  isRestoring,
  type PhaseReading,
  phaseOfCommands,
  phaseOfTitle,
} from './phase-reading.ts';
import type { Procedure } from './procedure.ts';
import type { DraftProcedure } from './procedure-finding.ts';
import { endOf, startOf } from './section.ts';
import { readTitle } from './section-title.ts';
import type { Step } from './step.ts';
import { slug } from './wording.ts';
import type { Workshop } from './workshop.ts';

/** Makes a procedure of its draft: ids, parts, phases, and what it needs to be told. */
export function makeProcedure(draft: DraftProcedure, shop: Workshop, documentTitle: string): Procedure {
  // What stands before any heading belongs to the document.
  const heading = draft.title || documentTitle;
  const { title, estimate } = readTitle(heading);
  const id = shop.names(slug(heading));
  const stepTitles = allSteps(draft.items).map((step) => step.title);
  const isRestore =
    isRestoring(title) ||
    stepTitles.some((one) => /^restor(?:e|ing)\b(?! (?:service|traffic))|^perform restoration/i.test(one));
  const made = draft.items.map((item) => makeItem(item, shop, { title, isRestore }));
  const guesses = [...shop.guessed.values()];
  shop.guessed.clear();
  const isBefore = /\bpre-?(?:restore|flight|checks?|upgrade|backup)\b/i.test(title);
  const items = settlePhases(isRestore ? made : withoutLooks(made), isBefore);
  const first = draft.lead[0];
  const last = draft.lead[draft.lead.length - 1];
  const stated = estimate ?? leadEstimate(draft);
  return {
    id,
    title,
    path: draft.path,
    range: shop.source.range(draft.start, draft.end),
    ...(stated && { estimate: stated }),
    prose: first && last ? shop.source.text.slice(startOf(first), endOf(last)).trim() : '',
    items,
    ...readInputs(items, placesIn(shop.source, shop.excerpts)),
    ...(guesses.length > 0 && { guesses }),
  };
}

function allSteps(items: readonly Draft[]): readonly DraftStep[] {
  return items.flatMap((item) =>
    item.kind === 'step' ? [item] : item.options.flatMap((option) => allSteps(option.items)),
  );
}

/** "**Timeline:** Within 30 minutes" above the first step. */
function leadEstimate(draft: DraftProcedure): Estimate | undefined {
  for (const node of draft.lead)
    if (node.type === 'paragraph')
      for (const { key, value } of keyedLines(node))
        if (/^(?:timeline|time estimate|estimated (?:time|duration)|duration|estimate)$/i.test(key))
          return readEstimate(value);
  return undefined;
}

interface Within {
  /** Of the procedure. */
  readonly title: string;
  readonly isRestore: boolean;
}

function makeItem(draft: Draft, shop: Workshop, within: Within): Item {
  if (draft.kind === 'step') return makeStep(draft, shop, within);
  const id = shop.names(`choice-${slug(draft.options[0]?.title ?? draft.title)}`);
  const options = draft.options.map(
    (option): Option => ({
      id: shop.names(`${id}/${slug(option.title)}`),
      title: option.title,
      range: shop.source.range(option.start, option.end),
      tags: optionTags(option.title),
      items: option.items.map((item) => makeItem(item, shop, within)),
    }),
  );
  const choice: Choice = {
    kind: 'choice',
    id,
    title: draft.title,
    range: shop.source.range(draft.start, draft.end),
    options,
  };
  return choice;
}

function makeStep(draft: DraftStep, shop: Workshop, { title, isRestore }: Within): Step {
  const id = shop.names(slug(draft.title));
  const made = makeParts(shop, id, draft.materials, draft.title);
  const range = shop.source.range(draft.start, draft.end);
  const bare = made.length === 1 && made[0]?.kind === 'command' && made[0].text === draft.title;
  const parts: readonly Part[] =
    bare || asksForSomething(made) ? made : [...made, byHand(shop.names(`${id}/manual`), draft.title, range)];
  const hinted = hintedPhase(parts);
  // A step that only repeats the procedure's title says nothing of what it is for.
  const named = phaseOfTitle(draft.title, isRestore);
  const run = phaseOfCommands(commandTexts(parts), isRestore);
  // A step that is called as its procedure may be all of it: then what it runs says more than its name.
  const phase = hinted ?? (draft.title === title ? (run ?? named) : (named ?? run));
  return {
    kind: 'step',
    id,
    ...(draft.number && { number: draft.number }),
    title: draft.title,
    range,
    ...(phase && { phase: phase.phase, phaseReason: phase.reason }),
    ...(draft.estimate && { estimate: draft.estimate }),
    parts,
  };
}

function hintedPhase(parts: readonly Part[]): PhaseReading | undefined {
  for (const part of parts)
    if (part.kind === 'command' && part.hints.phase)
      return { phase: part.hints.phase, reason: 'the author says so' };
  return undefined;
}

function commandTexts(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) =>
    part.kind === 'command'
      ? [part.text]
      : part.kind === 'choice'
        ? part.options.flatMap((option) => commandTexts(option.parts))
        : [],
  );
}

/** Where nothing is restored, a look at how things are verifies nothing. */
function withoutLooks(items: readonly Item[]): readonly Item[] {
  if (items.some((item) => item.kind === 'step' && item.phase === 'restore')) return items;
  return items.map((item) => {
    if (item.kind === 'choice')
      return { ...item, options: item.options.map((one) => ({ ...one, items: withoutLooks(one.items) })) };
    if (item.phase !== 'verify' || !isMereLook(item.title)) return item;
    const { phase: _phase, phaseReason: _reason, ...others } = item;
    return others;
  });
}

/** What is verified before anything is restored is a check beforehand, not the verification of the restore. */
function settlePhases(items: readonly Item[], isBefore: boolean): readonly Item[] {
  const isRestore = (item: Item) => item.kind === 'step' && item.phase === 'restore';
  const restore = items.findIndex(isRestore);
  const lastRestore = items.findLastIndex(isRestore);
  return items.map((item, index): Item => {
    if (item.kind === 'choice')
      return {
        ...item,
        options: item.options.map((option) => ({ ...option, items: settlePhases(option.items, isBefore) })),
      };
    // A backup of what was restored is for the next time.
    if (item.phase === 'safety-backup' && restore >= 0 && index > lastRestore)
      return { ...item, phase: 'follow-up', phaseReason: `${item.phaseReason}, after the restore` };
    const early = isBefore
      ? item.phase === 'verify' || item.phase === 'follow-up'
      : item.phase === 'verify' && index < restore;
    return early
      ? { ...item, phase: 'pre-check', phaseReason: `${item.phaseReason}, before the restore` }
      : item;
  });
}
