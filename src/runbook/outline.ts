import type { Item } from './choice.ts';
import type { Estimate } from './estimate.ts';
import type { Part } from './part.ts';
import type { Procedure } from './procedure.ts';
import { questions } from './questions.ts';
import type { Range } from './range.ts';
import type { Runbook } from './runbook.ts';
import { shorten } from './wording.ts';

/**
 * The compiled flow as lines of text, each with the line of the source that it was read from. With a
 * procedure's id, that procedure alone; an id that the runbook does not have gives no lines.
 */
export function outline(runbook: Runbook, procedureId?: string): readonly string[] {
  if (procedureId !== undefined) {
    const procedure = runbook.procedures.find((one) => one.id === procedureId);
    return procedure ? ofProcedure(procedure) : [];
  }
  const { meta } = runbook;
  const lines = [row(undefined, 0, runbook.title)];
  for (const [name, value] of [
    ['severity', meta.severity],
    ['owner', meta.owner],
    ['last updated', meta.lastUpdated],
    ['version', meta.version],
    ['objective', meta.slo],
    ['estimate', runbook.estimate && time(runbook.estimate)],
  ] as const)
    if (value) lines.push(row(undefined, 1, `${name}: ${value}`));
  for (const procedure of runbook.procedures) lines.push('', ...ofProcedure(procedure));
  const list = <T extends { readonly range: Range }>(
    heading: string,
    things: readonly T[],
    words: (thing: T) => string,
  ) => {
    if (things.length > 0)
      lines.push('', row(undefined, 0, heading), ...things.map((thing) => row(thing.range, 1, words(thing))));
  };
  list('Symptoms', runbook.symptoms, (one) => `${one.title} (${count(commandsIn(one.remedy), 'command')})`);
  list('Contacts', runbook.contacts, (one) => (one.role ? `${one.role}: ${one.reach}` : one.reach));
  list('To read', runbook.references, (one) => one.title);
  list('Not understood', runbook.doubts, (one) => one.what);
  return lines;
}

function ofProcedure(procedure: Procedure): readonly string[] {
  const asked = questions(procedure);
  return [
    row(
      procedure.range,
      0,
      `${procedure.title}  #${procedure.id}${procedure.estimate ? `  (${time(procedure.estimate)})` : ''}`,
    ),
    ...procedure.items.flatMap((item) => ofItem(item, 1)),
    ...asked.map((question) =>
      row(
        question.uses[0]!.range,
        1,
        `asks for ${question.kind === 'variable' ? `$${question.name}` : `${question.text}`} (${question.value})`,
      ),
    ),
  ];
}

function ofItem(item: Item, depth: number): readonly string[] {
  if (item.kind === 'choice')
    return [
      row(item.range, depth, `? ${item.title}`),
      ...item.options.flatMap((option) => [
        row(option.range, depth + 1, `◦ ${option.title}`),
        ...option.items.flatMap((one) => ofItem(one, depth + 2)),
      ]),
    ];
  const marks = [item.phase, item.estimate && time(item.estimate)].filter((mark) => mark !== undefined);
  const head = `${item.number ? `${item.number}. ` : ''}${item.title}${marks.length > 0 ? `  [${marks.join(', ')}]` : ''}`;
  return [row(item.range, depth, head), ...item.parts.flatMap((part) => ofPart(part, depth + 1))];
}

function ofPart(part: Part, depth: number): readonly string[] {
  switch (part.kind) {
    case 'prose':
      return [];
    case 'sample':
      return [row(part.range, depth, `│ ${shorten(part.text.split('\n')[0] ?? '', 60)}`)];
    case 'command': {
      const [first = '', ...rest] = part.text.split('\n');
      const mark = part.language === 'sql' ? 'sql>' : '$';
      const more = rest.length > 0 ? `  (+${count(rest.length, 'line')})` : '';
      return [
        row(part.range, depth, `${mark} ${cutAt(first, 90)}${more}${part.offered ? '  [offered]' : ''}`),
      ];
    }
    case 'manual':
      return [row(part.range, depth, `☞ ${shorten(part.text, 90)}`)];
    case 'check':
      return [row(part.range, depth, `☐ ${shorten(part.text, 90)}`)];
    case 'criterion':
      return [
        row(part.range, depth, `= ${shorten(part.text, 90)}${part.measure ? `  [${part.measure.of}]` : ''}`),
      ];
    case 'file':
      return [row(part.range, depth, `file ${part.name}`)];
    case 'choice':
      return [
        row(part.range, depth, `? ${part.title}`),
        ...part.options.flatMap((option) => [
          row(option.range, depth + 1, `◦ ${option.title}`),
          ...option.parts.flatMap((one) => ofPart(one, depth + 2)),
        ]),
      ];
  }
}

/** A command's line is no sentence: a full stop in it ends nothing. */
function cutAt(line: string, most: number): string {
  const trimmed = line.trim();
  return trimmed.length <= most ? trimmed : `${trimmed.slice(0, most - 1)}…`;
}

function commandsIn(parts: readonly Part[]): number {
  let sum = 0;
  for (const part of parts) {
    if (part.kind === 'command') sum++;
    else if (part.kind === 'choice') for (const option of part.options) sum += commandsIn(option.parts);
  }
  return sum;
}

function row(range: Range | undefined, depth: number, text: string): string {
  return `${(range ? String(range.line) : '').padStart(5)}  ${'  '.repeat(depth)}${text.replace(/[\r\n]+/g, ' ')}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function time({ min, max }: Estimate): string {
  const one = (seconds: number) =>
    seconds < 60
      ? `${seconds}s`
      : seconds < 3600
        ? `${+(seconds / 60).toFixed(1)}m`
        : `${+(seconds / 3600).toFixed(1)}h`;
  return min === max ? one(min) : `${one(min)}–${one(max)}`;
}
