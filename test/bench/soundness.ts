import type { Code, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import type { Item } from '../../src/runbook/choice.ts';
import type { Command, Part } from '../../src/runbook/part.ts';
import type { Range } from '../../src/runbook/range.ts';
import type { Runbook } from '../../src/runbook/runbook.ts';

/** What is wrong with the reading of a document, in words; nothing where it is sound. */
export function faultsOf(runbook: Runbook, source: string): readonly string[] {
  const ranges: Range[] = [];
  const commands: Command[] = [];
  const ids: string[] = [];
  gather(runbook, ranges, (named) => ids.push(named));
  const ofPart = (part: Part): void => {
    if (part.kind === 'command') commands.push(part);
    if (part.kind === 'choice') for (const option of part.options) option.parts.forEach(ofPart);
  };
  forEachPart(runbook, ofPart);
  return [
    ...rangeFaults(ranges, source),
    ...(new Set(ids).size === ids.length ? [] : ['two things have the same id']),
    ...blockFaults(runbook, source),
    ...lostFences(runbook, source),
    ...commands.flatMap((command) => commandFaults(command, source)),
    ...placeFaults(runbook, source),
  ];
}

/** Every range and every id of the compiled document, wherever it stands. */
function gather(value: unknown, ranges: Range[], named: (id: string) => void): void {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ('range' in next) ranges.push(next.range as Range);
    if ('id' in next && typeof next.id === 'string') named(next.id);
    for (const inner of Object.values(next)) open.push(inner);
  }
}

function forEachPart(runbook: Runbook, use: (part: Part) => void): void {
  const ofItem = (item: Item): void => {
    if (item.kind === 'step') item.parts.forEach(use);
    else for (const option of item.options) option.items.forEach(ofItem);
  };
  for (const procedure of runbook.procedures) procedure.items.forEach(ofItem);
  for (const symptom of runbook.symptoms) symptom.remedy.forEach(use);
}

function rangeFaults(ranges: readonly Range[], source: string): readonly string[] {
  const starts = [0];
  for (const end of source.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  // An offset between CR and LF is on the line that they end.
  const agrees = (offset: number, line: number, column: number) =>
    offset === (starts[line - 1] ?? -1) + column - 1 && offset <= (starts[line] ?? source.length + 1);
  return ranges
    .filter(
      (range) =>
        range.start < 0 ||
        range.end < range.start ||
        range.end > source.length ||
        !agrees(range.start, range.line, range.column) ||
        !agrees(range.end, range.endLine, range.endColumn),
    )
    .map((range) => `a range is out of place: ${JSON.stringify(range)}`);
}

function blockFaults(runbook: Runbook, source: string): readonly string[] {
  let last = -1;
  return runbook.blocks.flatMap((block) => {
    const written = source.slice(block.range.start, block.range.end).replaceAll('\0', '\ufffd');
    const at = /^<pre\b/i.test(written) ? withoutEntities(written) : written;
    const unordered = block.range.start <= last ? [`block ${block.id} is out of order`] : [];
    last = block.range.start;
    let from = 0;
    for (const line of block.content.split('\n')) {
      const words = line.trim();
      const found = at.indexOf(words, from);
      if (found === -1)
        return [...unordered, `block ${block.id}: its line is not in its range: ${quoted(line)}`];
      from = found + words.length;
    }
    return unordered;
  });
}

/** Fences that a strict reading of CommonMark finds, and the runbook has not. Long documents are read in pieces. */
function lostFences(runbook: Runbook, source: string): readonly string[] {
  const different = /^[ \t]*(?:===[+!]? "|!!!|\?\?\?)/m.test(source);
  const plainly = runbook.doubts.some((doubt) => doubt.what.includes('read line by line'));
  if (source.length > 40_000 || different || plainly) return [];
  const found = new Set(runbook.blocks.map((block) => block.range.start));
  return strictCode(source)
    .filter((code) => {
      const start = code.position?.start.offset ?? 0;
      const fenced = /^[ \t]*(?:`{3}|~{3})/.test(source.slice(start));
      return fenced && !found.has(start);
    })
    .map((code) => `the fence at line ${code.position?.start.line} is lost: ${quoted(code.value)}`);
}

function strictCode(source: string): readonly Code[] {
  const out: Code[] = [];
  const open: Nodes[] = [
    fromMarkdown(source, {
      extensions: [gfm(), frontmatter(['yaml', 'toml'])],
      mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
    }),
  ];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'code') out.push(node);
    if ('children' in node) open.push(...node.children);
  }
  return out;
}

/** What a reader of a page sees: blocks in `<pre>` are read like that. */
function withoutEntities(html: string): string {
  const signs: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    amp: '&',
    quot: '"',
    apos: "'",
    nbsp: ' ',
  };
  return html
    .replace(/&(lt|gt|amp|quot|apos|nbsp);/g, (_, name: string) => signs[name]!)
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"');
}

function commandFaults(command: Command, source: string): readonly string[] {
  if (command.guess?.otherwise === 'separate commands' || command.text.includes('\ufffd')) return [];
  const at = source.slice(command.range.start, command.range.end).trim();
  const read = withoutEntities(at);
  const lines = command.text.split('\n');
  const first = lines[0]!.replace(/\s<<'\w+'$/, '').trim();
  const last = lines.at(-1)!.trim();
  return (at.startsWith(first) && at.endsWith(last)) || (read.startsWith(first) && read.endsWith(last))
    ? []
    : [`the range of command ${command.id} holds ${quoted(at)}, its text is ${quoted(command.text)}`];
}

function placeFaults(runbook: Runbook, source: string): readonly string[] {
  return runbook.procedures.flatMap((procedure) => [
    ...procedure.placeholders.flatMap((placeholder) =>
      placeholder.uses
        .filter((use) => {
          const at = source.slice(use.range.start, use.range.end);
          return at !== placeholder.text && withoutEntities(at) !== placeholder.text;
        })
        .map(() => `a use of the placeholder ${quoted(placeholder.text)} is elsewhere`),
    ),
    ...procedure.variables.flatMap((variable) =>
      variable.uses
        .filter((use) => !source.slice(use.range.start, use.range.end).includes(variable.name))
        .map(() => `a use of the variable ${variable.name} is elsewhere`),
    ),
  ]);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
