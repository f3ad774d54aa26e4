import type { Procedure } from '../../runbook/procedure.ts';
import type { Runbook } from '../../runbook/runbook.ts';
import type { Step } from '../../runbook/step.ts';

/** Beginnings of the words that make a runbook one for a special case. */
const special: ReadonlySet<string> = new Set(['sqlit', 'encry', 'audit']);

/** A runbook that ships, by the name of its file. */
export interface Shipped {
  readonly name: string;
  readonly runbook: Runbook;
}

/** Where a runbook that ships does the same thing. */
export interface CorrectedWay {
  readonly runbook: string;
  readonly procedure: string;
  /** The step for the same phase, with its line. */
  readonly step?: { readonly title: string; readonly line: number };
}

/** Words that say nothing of what a procedure is about. */
const idle = new Set([
  'a',
  'an',
  'and',
  'by',
  'for',
  'from',
  'in',
  'of',
  'on',
  'option',
  'or',
  'procedure',
  'scenario',
  'step',
  'steps',
  'the',
  'to',
  'using',
  'with',
]);

/**
 * The procedure of the shipped runbooks that is nearest to a procedure of another runbook: by the words of its title
 * and of those above it, a word for as much as it tells procedures apart (as inverse document frequency does); and in it
 * the first step of the same phase. Undefined where no word is shared. Pure.
 */
export function correctedWay(
  procedure: Procedure,
  step: Step | undefined,
  shipped: readonly Shipped[],
): CorrectedWay | undefined {
  const wanted = wordsOf(procedure.title);
  const around = wordsOf(procedure.path.join(' '));
  const phases = new Set(stepsOf(procedure).flatMap(({ phase }) => (phase ? [phase] : [])));
  // What is for a special case is offered to what speaks of it.
  const fitting = shipped.filter(({ name }) =>
    [...wordsOf(name)].every((word) => !special.has(word) || wanted.has(word) || around.has(word)),
  );
  const candidates = fitting.flatMap(({ name, runbook }) =>
    runbook.procedures.map((candidate) => ({
      name,
      candidate,
      named: wordsOf(`${name.replace(/\.md$/, '')} ${runbook.title} ${candidate.title}`),
      told: wordsOf(
        stepsOf(candidate)
          .map(({ title }) => title)
          .join(' '),
      ),
    })),
  );
  const tells = (word: string): number =>
    Math.log(1 + candidates.length / candidates.filter(({ named }) => named.has(word)).length);
  const rated = candidates.map(({ name, candidate, named, told }) => {
    const worth = (word: string) => (named.has(word) ? tells(word) : told.has(word) ? 0.5 : 0);
    // What it says of itself counts before what stands above it, and what it leaves unsaid a little against it.
    const shared = sum([...wanted].map(worth)) * 4 + sum([...around].map(worth));
    const unsaid = [...named].filter((word) => !wanted.has(word) && !around.has(word)).length;
    const own = new Set(stepsOf(candidate).map(({ phase }) => phase));
    const alike = [...phases].filter((phase) => own.has(phase)).length / Math.max(1, phases.size);
    return { name, candidate, shared, rate: shared + alike * 8 - unsaid / 4 };
  });
  const best = rated.filter(({ shared }) => shared > 0).sort((a, b) => b.rate - a.rate)[0];
  if (!best) return undefined;
  const same = step?.phase && stepsOf(best.candidate).find(({ phase }) => phase === step.phase);
  return {
    runbook: best.name,
    procedure: best.candidate.title,
    ...(same ? { step: { title: same.title, line: same.range.line } } : {}),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** The way in words. */
export function wayWords({ runbook, procedure, step }: CorrectedWay): string {
  return `The corrected way: runbooks/${runbook}, “${procedure}”${step ? `, step “${step.title}” (line ${step.line})` : ''}.`;
}

function stepsOf({ items }: Procedure): readonly Step[] {
  return items.flatMap((item) => (item.kind === 'step' ? [item] : []));
}

/** The beginnings of words: "deleted" and "deletion" are one, "backup" and "back up" too. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .toLowerCase()
    .replaceAll(/\bback(?:ed)? up\b|\bpg_dump\b/g, 'backup')
    .replaceAll(/\bclean(?:ed)? up\b/g, 'cleanup')
    .split(/[^\p{L}\p{N}]+/u);
  return new Set(
    words
      .filter((word) => word.length > 2 && !idle.has(word))
      .map((word) => word.replace(/(?:ing|ion|ed|s)$/, '').slice(0, 5)),
  );
}
