import type { Finding } from '../lint/finding.ts';
import { guardOf } from '../run/decide-command.ts';
import { here, statusOf } from '../run/here.ts';
import { measure } from '../run/measure.ts';
import { type Doer, plannedParts } from '../run/plan.ts';
import type { PartStatus, RunState } from '../run/state.ts';
import type { Command, Criterion, Part } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { commandLines, effectLines } from './command-lines.ts';
import { commandInView } from './command-view.ts';
import { findingLines } from './finding-lines.ts';
import { guessLines } from './guess-lines.ts';
import { between, blank, clip, type Line, line, span, wrap, wrapText } from './line.ts';
import { inline, proseLines } from './prose.ts';
import type { Readings } from './readings.ts';

/** The current step as the right-hand side shows it, in stretches that give way in different order. */
export interface Detail {
  readonly head: readonly Line[];
  readonly prose: readonly Line[];
  /** Which command this is; its first row always stands above it. */
  readonly caption?: readonly Line[];
  /** The command, or what is to be done. */
  readonly core: readonly Line[];
  /** Effect, guard, ways on: always shown. */
  readonly tail: readonly Line[];
}

/** What there is to say about the place where the run stands. */
export function detailOf(
  state: RunState,
  readings: Readings,
  width: number,
  findings: readonly Finding[] = [],
): Detail {
  const detail = placeDetail(state, readings, width, findings);
  return { ...detail, tail: [...detail.tail, ...guessLines(state, width)] };
}

function placeDetail(
  state: RunState,
  readings: Readings,
  width: number,
  findings: readonly Finding[],
): Detail {
  const at = here(state);
  if (state.running && at.kind === 'part')
    return partDetail(state, readings, at.step, at.part, width, findings);
  switch (at.kind) {
    case 'part':
      return partDetail(state, readings, at.step, at.part, width, findings);
    case 'choice':
      return {
        // A choice between steps belongs to none of them.
        head:
          at.step && !at.choice.options.some((option) => 'items' in option)
            ? [stepTitle(at.step, width)]
            : [],
        prose: [],
        core: wrap(line(span(at.choice.title, { bold: true })), width),
        tail: [],
      };
    case 'step-done': {
      const first = state.step === undefined;
      const next = at.next.kind === 'step' ? at.next : undefined;
      return {
        head: [first ? line(span('Ready to begin', { bold: true })) : stepTitle(at.step, width)],
        prose: first ? proseLines(state.started.procedure.prose, width) : [],
        core: first ? [] : [line(span('✓ ', { tone: 'good', bold: true }), 'This step is done.')],
        tail: next
          ? wrap(
              line(
                span(first ? 'First: ' : 'Next: ', { dim: true }),
                span(`${next.number ? `${next.number} ` : ''}${next.title}`, { bold: true }),
              ),
              width,
              2,
            )
          : [],
      };
    }
    case 'end':
      return {
        head: at.step ? [stepTitle(at.step, width)] : [],
        prose: [],
        core: [line(span('✓ ', { tone: 'good', bold: true }), 'Every step is done.')],
        tail: [line('Finish the run to write its entry.')],
      };
  }
}

function stepTitle(step: Step, width: number): Line {
  return between(
    line(span(`${step.number ? `${step.number}  ` : ''}${step.title}`, { bold: true })),
    line(span(step.phase ?? '', { dim: true })),
    width,
  );
}

function partDetail(
  state: RunState,
  readings: Readings,
  step: Step,
  part: Doer,
  width: number,
  findings: readonly Finding[],
): Detail {
  const parts = plannedParts(step.parts, state.options);
  const head = [stepTitle(step, width)];
  const prose = proseBefore(parts, part, width);
  const status = statusOf(state, part.id);
  switch (part.kind) {
    case 'command':
      return { head, prose, ...commandDetail(state, readings, step, part, width, findings) };
    case 'manual':
      return {
        head,
        prose,
        core: wrap(line(span('☐ ', { tone: 'accent' }), ...inline(part.text, { bold: true })), width, 2),
        tail: [line(span('To be done by hand.', { dim: true }))],
      };
    case 'check':
      return { head, prose, core: checklist(state, parts, part.id, width), tail: [] };
    case 'criterion':
      return {
        head,
        prose,
        core: wrap(
          line(span('Must hold: ', { tone: 'accent' }), ...inline(part.text, { bold: true })),
          width,
          2,
        ),
        tail: [criterionTail(state, part, status)],
      };
  }
}

/** What was measured, where the run can measure it; else the operator looks. */
function criterionTail(state: RunState, part: Criterion, status: PartStatus): Line {
  if (status !== 'open') return line(span(status, { dim: true }));
  const found = measure(state, part);
  if (!found) return line(span('Look, then say whether it holds.', { dim: true }));
  const met = found.verdict === 'met';
  return line(
    span(met ? '✓ ' : '✗ ', { tone: met ? 'good' : 'danger', bold: true }),
    `measured: ${found.measured}, so it is ${found.verdict}`,
  );
}

/** The items of the list around the current one, so that it can be seen what was said before. */
function checklist(state: RunState, parts: readonly Part[], current: string, width: number): readonly Line[] {
  const marks: Readonly<Record<string, string>> = {
    ticked: '☑',
    refused: '✗',
    'not-applicable': '–',
    skipped: '–',
  };
  const items = parts.filter((part) => part.kind === 'check');
  const at = items.findIndex((item) => item.id === current);
  return items.slice(Math.max(0, at - 2), at + 4).flatMap((item) => {
    const here = item.id === current;
    const mark = marks[statusOf(state, item.id)] ?? '☐';
    return wrap(
      line(
        span(`${here ? '▶' : ' '} ${mark} `, here ? { tone: 'accent' } : {}),
        ...inline(item.text, { bold: here }),
      ),
      width,
      4,
    );
  });
}

/** The prose between the last thing to do and this one. */
function proseBefore(parts: readonly Part[], part: Doer, width: number): readonly Line[] {
  const end = parts.findIndex(
    (candidate) => candidate === part || ('id' in candidate && candidate.id === part.id),
  );
  const rows: Line[] = [];
  for (const candidate of parts.slice(0, end).reverse()) {
    if (candidate.kind === 'prose') rows.unshift(...proseLines(candidate.markdown, width), blank);
    else if (candidate.kind === 'file')
      rows.unshift(line(span(`This step shows the file ${candidate.name}.`, { dim: true })), blank);
    else if (candidate.kind !== 'sample') break;
  }
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

function commandDetail(
  state: RunState,
  readings: Readings,
  step: Step,
  command: Command,
  width: number,
  findings: readonly Finding[],
): Pick<Detail, 'caption' | 'core' | 'tail'> {
  const { prepared, reading } = readings.of(state, command);
  const { target } = state.started;
  const where = state.identity?.address ?? target?.address ?? '';
  const edited = state.parts[command.id]?.edited !== undefined;
  const commands = plannedParts(step.parts, state.options).filter(
    (part) => part.kind === 'command' && !part.offered,
  );
  const count = commands.length > 1 ? `command ${commands.indexOf(command) + 1} of ${commands.length}` : '';
  const caption = [count, edited ? 'edited' : '', command.caption ?? '']
    .filter((text) => text !== '')
    .join(' · ');
  return {
    caption: caption ? wrapText(caption, width, { dim: true }) : [],
    core: [
      ...commandLines(prepared.shown, reading, width, command.language),
      ...valueLines(state, command, width),
    ],
    tail: [
      ...effectLines(reading, where, width),
      // The operator's own version is no line of the runbook any more.
      ...(edited ? [] : findingLines(findings, command.range, width)),
      ...(state.interrupted ? [] : guardLines(state, step, command, readings, width)),
      ...prepared.missing.map((name) => line(span('needs a value: ', { tone: 'caution', bold: true }), name)),
      ...(state.interrupted ? interruptedLines(state, width) : []),
    ],
  };
}

function interruptedLines(state: RunState, width: number): readonly Line[] {
  const { interrupted } = state;
  if (!interrupted) return [];
  const certain = `Certain: it was started${interrupted.pid === undefined ? '' : ` (pid ${interrupted.pid})`} at ${interrupted.startedAt}.`;
  const open = interrupted.alive
    ? 'It seems to be running still. Wait for it or end it, then find out what it did.'
    : 'Not certain: whether it took effect. Nobody saw its end.';
  return [
    ...wrap(line(span('? interrupted', { tone: 'danger', bold: true }), `  ${certain}`), width, 2),
    ...wrapText(open, width),
  ];
}

/** What the variables of a command stand for, where that may be shown. */
function valueLines(state: RunState, command: Command, width: number): readonly Line[] {
  return state.started.procedure.variables
    .filter((variable) => variable.uses.some((use) => use.command === command.id))
    .flatMap((variable) => {
      const input = state.inputs[variable.name];
      if (!input) return [];
      const points = input.points ? ` → ${input.points.database}@${input.points.address}` : '';
      const value = input.value ?? `••••••${points}`;
      return [clip(line(span(`  $${variable.name} = ${value}`, { dim: true })), width)];
    });
}

function guardLines(
  state: RunState,
  step: Step,
  command: Command,
  readings: Readings,
  width: number,
): readonly Line[] {
  const guard = guardOf(state, step, readings.of(state, command).reading);
  switch (guard.kind) {
    case 'run':
      return [];
    case 'enter':
      return [line(span('asks before it runs', { dim: true }))];
    case 'phrase':
      return wrapText(`asks for the typed phrase ${guard.phrase}`, width, { dim: true });
    case 'refuse':
      return wrapText(`refused here: ${guard.reason}`, width, { tone: 'caution' });
  }
}

/** The stretches put together in at most `height` rows: the prose gives way first, then the command's middle. */
export function detailLines(detail: Detail, height: number): readonly Line[] {
  const { head, tail, caption = [] } = detail;
  const core = [...caption, ...detail.core];
  const gaps = (prose: readonly Line[]): readonly Line[] => [
    ...head,
    ...(prose.length > 0 ? [blank, ...prose] : []),
    ...(core.length > 0 ? [blank, ...core] : []),
    ...(tail.length > 0 ? [blank, ...tail] : []),
  ];
  const all = gaps(detail.prose);
  if (all.length <= height) return all;
  const room = height - gaps([]).length - 1;
  if (room > 1) return gaps([...detail.prose.slice(0, room - 1), line(span('…', { dim: true }))]);
  const tight = [...head, ...core, ...tail];
  if (tight.length <= height) return tight;
  // Where this is, first; then what is to be run is looked at as much as what is said of it.
  const top = [...head, ...caption.slice(0, 1)];
  const below = height - top.length;
  const told = tail.slice(0, Math.max(1, below - Math.min(detail.core.length, Math.ceil(below / 3))));
  return [...top, ...commandInView(detail.core, below - told.length, 'e shows all'), ...told].slice(
    0,
    height,
  );
}

/** Rows that a detail wants. */
export function wantedRows(detail: Detail): number {
  return detailLines(detail, Number.MAX_SAFE_INTEGER).length;
}
