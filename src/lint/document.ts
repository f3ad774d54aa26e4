import type { Block } from '../runbook/block.ts';
import type { Item } from '../runbook/choice.ts';
import type { ChecklistItem, Command, Criterion, ManualAction, Part } from '../runbook/part.ts';
import type { Phase } from '../runbook/phase.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Range } from '../runbook/range.ts';
import type { Runbook, Symptom } from '../runbook/runbook.ts';
import { openSource, type Source } from '../runbook/source.ts';
import type { Step } from '../runbook/step.ts';
import type { LintContext } from './context.ts';
import { type ProseLine, proseOf } from './prose.ts';
import { Script } from './script.ts';

/** One thing that a reader of the runbook does, with where it stands. */
export interface Doing {
  readonly part: Command | ManualAction | ChecklistItem | Criterion;
  /** Only for commands. */
  readonly script?: Script;
  readonly procedure?: Procedure;
  readonly symptom?: Symptom;
  readonly step?: Step;
  readonly phase?: Phase;
  /** For every choice around it, the option that leads here. */
  readonly taken: ReadonlyMap<string, string>;
  /** Headings, captions and the sentence above it, from the widest to the nearest. */
  readonly about: readonly string[];
}

/** A runbook laid out for the rules. */
export interface Document {
  readonly runbook: Runbook;
  readonly source: Source;
  readonly context: LintContext;
  /** Everything that is done, in document order. */
  readonly doings: readonly Doing[];
  /** Every script: those of the doings and, whole, those of blocks that belong to no step. */
  readonly scripts: readonly Script[];
  /** Lines outside code blocks and HTML comments; inline code is blanked. */
  readonly prose: readonly ProseLine[];
  /** The doing that a script belongs to. */
  readonly doingOf: (script: Script) => Doing | undefined;
  /** Everything that is done in the same procedure or remedy. */
  readonly groupOf: (doing: Doing) => readonly Doing[];
}

/** Lays a compiled runbook out for the rules. `text` is what it was compiled from. */
export function openDocument(runbook: Runbook, text: string, context: LintContext): Document {
  const source = openSource(text);
  const doings: Doing[] = [];
  for (const procedure of runbook.procedures) {
    const about = [...procedure.path, procedure.title];
    walkItems(procedure.items, { procedure, taken: new Map(), about }, doings, source);
  }
  for (const symptom of runbook.symptoms)
    walkParts(symptom.remedy, { symptom, taken: new Map(), about: [symptom.title] }, doings, source);
  doings.sort((a, b) => a.part.range.start - b.part.range.start);
  const groups = Map.groupBy(doings, (doing) => doing.procedure ?? doing.symptom);
  const owned = new Map<Script, Doing>();
  for (const doing of doings) if (doing.script) owned.set(doing.script, doing);
  const rest = strayBlocks(runbook, doings, source).map(
    (block) =>
      new Script(source, block.content, /sql/.test(block.tag) ? 'sql' : 'shell', contentRange(block, source)),
  );
  const scripts = [...owned.keys(), ...rest].sort((a, b) => a.range.start - b.range.start);
  return {
    runbook,
    source,
    context,
    doings,
    scripts,
    prose: proseOf(source, runbook.blocks),
    doingOf: (script) => owned.get(script),
    groupOf: (doing) => groups.get(doing.procedure ?? doing.symptom) ?? [],
  };
}

type Around = Omit<Doing, 'part' | 'script'>;

function walkItems(items: readonly Item[], around: Around, out: Doing[], source: Source): undefined {
  for (const item of items) {
    if (item.kind === 'choice') {
      for (const option of item.options) {
        const taken = new Map(around.taken).set(item.id, option.id);
        const about = [...around.about, item.title, option.title];
        walkItems(option.items, { ...around, taken, about }, out, source);
      }
      continue;
    }
    const step: Around = {
      ...around,
      step: item,
      ...(item.phase && { phase: item.phase }),
      about: [...around.about, item.title],
    };
    walkParts(item.parts, step, out, source);
  }
}

function walkParts(parts: readonly Part[], around: Around, out: Doing[], source: Source): undefined {
  let prose = '';
  for (const part of parts) {
    switch (part.kind) {
      case 'prose':
        prose = part.markdown.slice(-300);
        break;
      case 'sample':
      case 'file':
        break;
      case 'choice':
        for (const option of part.options) {
          const taken = new Map(around.taken).set(part.id, option.id);
          const about = [...around.about, prose, option.title];
          walkParts(option.parts, { ...around, taken, about }, out, source);
        }
        break;
      case 'command': {
        const about = [...around.about, prose, part.caption ?? ''].filter(Boolean);
        const script = new Script(source, part.text, part.language, part.range);
        out.push({ ...around, about, part, script });
        break;
      }
      case 'manual':
      case 'check':
      case 'criterion':
        out.push({ ...around, part });
        break;
      default:
        part satisfies never;
    }
  }
}

/** Blocks of shell or SQL from which no command was taken: script files, and blocks in sections to read. */
function strayBlocks(runbook: Runbook, doings: readonly Doing[], source: Source): readonly Block[] {
  const taken = new Set(doings.flatMap(({ part }) => (part.kind === 'command' ? (part.block ?? []) : [])));
  return runbook.blocks.filter((block) => {
    if (taken.has(block.id) || block.content.length === 0) return false;
    if (block.role === 'commands') return true;
    const shell = /^(bash|sh|shell|zsh)$/.test(block.tag) || /^#!.*\b(ba|z|k|da)?sh\b/.test(block.content);
    return block.role === 'file' && shell && !isCrontab(block) && contentRange(block, source).end > 0;
  });
}

function isCrontab(block: Block): boolean {
  return /^\s*(?:[\d*/,-]+\s+){4}/m.test(block.content);
}

/** Where a block's content stands: without its fences. */
export function contentRange(block: Block, source: Source): Range {
  const fenced = /^\s*(?:`{3,}|~{3,})/.test(source.text.slice(block.range.start, block.range.end));
  if (!fenced) return block.range;
  const first = source.line(block.range.line + 1).start;
  const last = block.closed ? source.line(block.range.endLine - 1).end : block.range.end;
  return source.range(Math.min(first, block.range.end), Math.max(first, last));
}

/** True where one passage through the runbook can do both: wherever both stand behind one choice, behind the same option. */
export function together(a: Doing, b: Doing): boolean {
  if (a.procedure?.id !== b.procedure?.id || a.symptom !== b.symptom) return false;
  for (const [choice, option] of a.taken) {
    const other = b.taken.get(choice);
    if (other !== undefined && other !== option) return false;
  }
  return true;
}

/** What is done before, or after, something else of the same procedure, on some way through it. */
export function before(document: Document, doing: Doing): readonly Doing[] {
  const group = document.groupOf(doing);
  return group.slice(0, group.indexOf(doing)).filter((other) => together(other, doing));
}

export function after(document: Document, doing: Doing): readonly Doing[] {
  const group = document.groupOf(doing);
  return group.slice(group.indexOf(doing) + 1).filter((other) => together(other, doing));
}

/** What is done in sections beside the procedure of a doing: a checklist before a restore, the steps after it. */
export function beside(document: Document, doing: Doing): readonly Doing[] {
  const path = doing.procedure?.path.join('\n');
  if (path === undefined || path === '') return [];
  return document.doings.filter(
    (other) =>
      other.procedure &&
      other.procedure.id !== doing.procedure?.id &&
      other.procedure.path.join('\n') === path,
  );
}
