import type { Scenario } from './scenario.ts';
import type { Score } from './score.ts';

/** The debrief of a training, as Markdown: what happened against what would have been best. Pure. */
export function debriefOf(score: Score, scenario: Scenario | undefined): string {
  const best = score.choices.find(({ fit }) => fit === 'best');
  return [
    `# ${score.title}`,
    '',
    `**${outcomeWords[score.outcome]}** · ${score.points} of 100 points · ${minutes(score.seconds)} · ${score.operator}`,
    '',
    ...(score.checks.length > 0
      ? ['## At the end', '', ...score.checks.map(({ text, holds }) => `- ${holds ? '✓' : '✗'} ${text}`), '']
      : []),
    '## The way that was taken',
    '',
    ...(score.choices.length === 0
      ? ['- no procedure was begun']
      : score.choices.map(
          ({ title, runbook, fit }, index) => `${index + 1}. ${title} (${runbook}): ${fitWords[fit]}`,
        )),
    '',
    '## The best way',
    '',
    ...(scenario?.path ?? []).map((step, index) => `${index + 1}. ${step}`),
    ...(best || !scenario ? [] : ['', `The procedure for it: ${scenario.procedures.join(', or ')}`]),
    '',
    '## Questions',
    '',
    `- right at once: ${score.right}, wrong answers: ${score.wrong.length}, not answered: ${score.unanswered}`,
    ...score.wrong.map(({ text, answer, consequence }) => `- ✗ ${text} “${answer}” – ${consequence}`),
    '',
    ...list('Near misses: what stopped a mistake', score.nearMisses),
    ...list('Mistakes', score.mistakes),
    `Hints: ${score.hints === 0 ? 'none' : `${score.hints} of 3`}.`,
    '',
    ...list('To read', scenario?.read ?? []),
    'Commands of providers (railway, render, aws, docker, curl to their addresses) were simulated; the database was real.',
    ...(scenario?.simulated ? [scenario.simulated] : []),
  ].join('\n');
}

const outcomeWords: Readonly<Record<Score['outcome'], string>> = {
  solved: 'Solved',
  'given-up': 'Given up',
  left: 'Left before the end',
  unfinished: 'Not finished',
};

const fitWords = {
  best: 'the best way',
  right: 'leads there, and is not the best',
  wrong: 'does not lead there',
} as const;

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${item}`), ''];
}

/** Seconds as `4 min 05 s`. */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
