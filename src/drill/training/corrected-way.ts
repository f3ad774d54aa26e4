import type { Procedure } from '../../runbook/procedure.ts';
import type { Runbook } from '../../runbook/runbook.ts';
import type { Step } from '../../runbook/step.ts';

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
 * and of those above it; and in it the first step of the same phase. Undefined where no word
 * is shared. Pure.
 */
export function correctedWay(
  procedure: Procedure,
  step: Step | undefined,
  shipped: readonly Shipped[],
): CorrectedWay | undefined {
  const wanted = wordsOf(procedure.title);
  const around = wordsOf(procedure.path.join(' '));
  const phases = new Set(stepsOf(procedure).flatMap(({ phase }) => (phase ? [phase] : [])));
  const rated = shipped.flatMap(({ name, runbook }) =>
    runbook.procedures.map((candidate) => {
      const own = wordsOf(`${candidate.title} ${candidate.path.join(' ')}`);
      const title = wordsOf(runbook.title);
      const worth = (word: string) => (title.has(word) ? 2 : own.has(word) ? 1 : 0);
      // What it says of itself counts before what stands above it.
      const shared = sum([...wanted].map(worth)) * 4 + sum([...around].map(worth));
      const same = stepsOf(candidate).filter(({ phase }) => phase && phases.has(phase)).length;
      return { name, candidate, shared, rate: shared + Math.min(1, same / 10) };
    }),
  );
  const best = rated.filter(({ shared }) => shared > 0).sort((a, b) => b.rate - a.rate)[0];
  if (!best) return undefined;
  const fitting = step?.phase && stepsOf(best.candidate).find(({ phase }) => phase === step.phase);
  return {
    runbook: best.name,
    procedure: best.candidate.title,
    ...(fitting ? { step: { title: fitting.title, line: fitting.range.line } } : {}),
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

/** Words without endings that only count or tell the time: "backups" and "backup" are one. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new Set(
    words.filter((word) => word.length > 2 && !idle.has(word)).map((word) => word.replace(/(ed|s)$/, '')),
  );
}
