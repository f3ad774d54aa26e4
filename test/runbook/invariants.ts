import { expect } from 'vitest';
import type { Item } from '../../src/runbook/choice.ts';
import type { Part } from '../../src/runbook/part.ts';
import type { Range } from '../../src/runbook/range.ts';
import type { Runbook } from '../../src/runbook/runbook.ts';
import { isSoundShell } from '../../src/runbook/statements.ts';
import { allParts, stepsOf } from './flow.ts';

/** What holds for every runbook, whatever the document. */
export function expectSound(runbook: Runbook, source: string): void {
  expectUniqueIds(runbook);
  for (const range of rangesOf(runbook)) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThanOrEqual(source.length);
    expect(range.line).toBe(
      source.slice(0, range.start).split(/\r\n|\n|\r/).length - splitPair(source, range.start),
    );
  }
  expectInOrder(runbook);
  expectExactPlaces(runbook, source);
  JSON.parse(JSON.stringify(runbook));
}

/** A range that starts between CR and LF counts as on the line that they end. */
function splitPair(source: string, offset: number): number {
  return source[offset - 1] === '\r' && source[offset] === '\n' ? 1 : 0;
}

function expectUniqueIds(runbook: Runbook): void {
  const ids: string[] = [];
  const ofPart = (part: Part): void => {
    if ('id' in part) ids.push(part.id);
    if (part.kind === 'choice')
      for (const option of part.options) {
        ids.push(option.id);
        option.parts.forEach(ofPart);
      }
  };
  const ofItem = (item: Item): void => {
    ids.push(item.id);
    if (item.kind === 'step') item.parts.forEach(ofPart);
    else
      for (const option of item.options) {
        ids.push(option.id);
        option.items.forEach(ofItem);
      }
  };
  for (const procedure of runbook.procedures) {
    ids.push(procedure.id);
    procedure.items.forEach(ofItem);
  }
  for (const symptom of runbook.symptoms) symptom.remedy.forEach(ofPart);
  for (const block of runbook.blocks) ids.push(block.id);
  expect(new Set(ids).size).toBe(ids.length);
}

function rangesOf(runbook: Runbook): readonly Range[] {
  return [
    ...runbook.procedures.map((procedure) => procedure.range),
    ...runbook.procedures.flatMap((procedure) => stepsOf(procedure.items).map((step) => step.range)),
    ...allParts(runbook).map((part) => part.range),
    ...runbook.blocks.map((block) => block.range),
    ...runbook.links.map((link) => link.range),
    ...runbook.contacts.map((contact) => contact.range),
    ...runbook.doubts.map((doubt) => doubt.range),
  ];
}

/** Blocks, procedures and the steps in them stand in the order of the document; no step in two procedures. */
function expectInOrder(runbook: Runbook): void {
  const starts = runbook.blocks.map((block) => block.range.start);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  const seen = new Set<number>();
  for (const procedure of runbook.procedures) {
    const steps = stepsOf(procedure.items).map((step) => step.range.start);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    for (const step of stepsOf(procedure.items))
      for (const part of step.parts)
        if (part.kind === 'command') {
          expect(seen.has(part.range.start)).toBe(false);
          seen.add(part.range.start);
        }
  }
}

/** The words of a command, of a placeholder and of a variable are at the place that their range names. */
function expectExactPlaces(runbook: Runbook, source: string): void {
  for (const part of allParts(runbook)) {
    if (part.kind !== 'command') continue;
    const written = source.slice(part.range.start, part.range.end).trim();
    const fed = part.guess?.otherwise === 'separate commands';
    const first = part.text.split('\n')[0]!.replace(/\s<<'\w+'$/, '');
    if (!fed && !part.text.includes('\ufffd')) {
      // A tab that a fence's indentation cuts in two is given as blanks, so blanks are not compared.
      const last = part.text.split('\n').at(-1)!.trim();
      const isThere = (at: string) => at.startsWith(first.trim()) && at.endsWith(last);
      expect(isThere(written) || isThere(withoutEntities(written))).toBe(true);
    }
  }
  for (const procedure of runbook.procedures) {
    for (const placeholder of procedure.placeholders)
      for (const use of placeholder.uses)
        expect([placeholder.text, withEntities(placeholder.text)]).toContain(
          source.slice(use.range.start, use.range.end),
        );
    for (const variable of procedure.variables)
      for (const use of variable.uses)
        expect(source.slice(use.range.start, use.range.end)).toContain(variable.name);
  }
}

/** What HTML writes for a text, and what a reader sees of it. */
function withEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function withoutEntities(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Commands that the grammar found sound in their block are sound by themselves; gives how many are not. */
export function faultyCommands(runbook: Runbook): readonly string[] {
  return allParts(runbook)
    .filter((part) => part.kind === 'command')
    .filter((part) => part.language === 'shell' && part.text.length < 16_000 && !isSoundShell(part.text))
    .map((part) => part.text);
}

/** Lines of the source that open a fence, read without the Markdown grammar. */
export function fenceCount(source: string): number {
  let open = '';
  let count = 0;
  for (const line of source.split(/\r\n|\n|\r/)) {
    const mark = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^`]*)$/.exec(line);
    if (!mark) continue;
    if (!open) {
      open = mark[1]!;
      count++;
    } else if (mark[1]!.startsWith(open) && mark[2]!.trim() === '') open = '';
  }
  return count;
}
