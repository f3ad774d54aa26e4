import type { Mode } from '../run/mode.ts';
import type { RunState } from '../run/state.ts';
import { clock, spoken, utc } from './format.ts';
import type { Deviation, EntryStep, Measured, Question } from './shape.ts';

/** What the questions are prefilled from. */
export interface Facts {
  readonly state: RunState;
  readonly steps: readonly EntryStep[];
  readonly deviations: readonly Deviation[];
  readonly measured: Measured;
}

interface Asked {
  readonly id: string;
  readonly text: string;
  suggest(facts: Facts): string | undefined;
}

/**
 * The few questions that the end of a run asks, by its mode, each with what the journal and the notes say already
 * and with its answer where there is one. Answers to questions that this version does not ask come last.
 */
export function questionsOf(facts: Facts): readonly Question[] {
  const { answers, started } = facts.state;
  const asked = questionsFor(started.mode).map(({ id, text, suggest }) => {
    const suggestion = suggest(facts);
    const answer = answers[id];
    return { id, text, ...(suggestion ? { suggestion } : {}), ...(answer === undefined ? {} : { answer }) };
  });
  const others = Object.entries(answers).filter(([id]) => !asked.some((question) => question.id === id));
  return [...asked, ...others.map(([id, answer]) => ({ id, text: id, answer }))];
}

function questionsFor(mode: Mode): readonly Asked[] {
  switch (mode) {
    case 'incident':
      return [detected, impact, cause, lost, actions, prevention, followUps];
    case 'drill':
      return [findings, followUps];
    case 'training':
      return [learned];
    case 'preview':
      return [];
  }
}

const detected: Asked = {
  id: 'detected',
  text: 'When was it noticed (UTC), and by whom or what?',
  suggest: ({ state }) =>
    fromNotes(state, /^(?:detected|noticed|alert)\s*:/i) ?? `${utc(state.started.time).slice(0, 16)} UTC`,
};

const impact: Asked = {
  id: 'impact',
  text: 'Who or what was affected, and how?',
  suggest: ({ state, measured }) => {
    const noted = fromNotes(state, /^impact\s*:/i);
    if (noted) return noted;
    const { downtime } = measured;
    if (!downtime) return undefined;
    const what = state.started.target?.name ?? 'The service';
    return downtime.to
      ? `${what} was in maintenance mode from ${clock(downtime.from)} to ${clock(downtime.to)} UTC (${spoken(downtime.seconds)}).`
      : `${what} is in maintenance mode since ${clock(downtime.from)} UTC.`;
  },
};

const cause: Asked = {
  id: 'root-cause',
  text: 'What was the root cause, as far as it is known?',
  suggest: ({ state }) => fromNotes(state, /^(?:root )?cause\s*:/i),
};

const lost: Asked = {
  id: 'data-loss',
  text: 'Which data were lost?',
  suggest: ({ state, measured }) => {
    const noted = fromNotes(state, /^(?:data )?loss\s*:/i);
    if (noted) return noted;
    const { rpo } = measured;
    if (!rpo) return undefined;
    return rpo.seconds === 0
      ? `None known: the backup ${rpo.backup} was taken at ${utc(rpo.takenAt)}, after the incident began.`
      : `Changes after ${utc(rpo.takenAt)}, when the backup ${rpo.backup} was taken: ${spoken(rpo.seconds)} until the incident.`;
  },
};

const actions: Asked = {
  id: 'actions',
  text: 'What was done about it?',
  suggest: ({ steps, deviations }) => {
    const done = steps.filter((step) => step.status === 'done').map((step) => `- ${step.title}`);
    const byHand = deviations.filter((d) => d.kind === 'by-hand').map((d) => `- By hand: ${d.what}`);
    return [...done, ...byHand].join('\n') || undefined;
  },
};

const prevention: Asked = {
  id: 'prevention',
  text: 'What would keep it from happening again?',
  suggest: ({ state }) => fromNotes(state, /^prevent(?:ion)?\s*:/i),
};

const followUps: Asked = {
  id: 'follow-ups',
  text: 'What is still to be done, and by whom?',
  suggest: ({ state, steps, deviations }) => {
    const noted = noteLines(state, /^(?:follow-?ups?|to ?do)\s*:/i);
    const edited = deviations.filter((d) => d.kind === 'edited').map((d) => `Update the runbook: ${d.what}`);
    const reread = deviations
      .filter((d) => d.kind === 'reread')
      .map((d) => `Say in the runbook how to read it: ${d.what}`);
    const skipped = deviations
      .filter((d) => d.kind === 'skipped')
      .map((d) => `Was skipped: ${d.what} (${d.reason})`);
    const slow = steps.flatMap((step) =>
      step.overEstimate && step.estimate && step.seconds !== undefined
        ? [
            `Check the estimate of "${step.title}": took ${spoken(step.seconds)}, expected at most ${spoken(step.estimate.max)}`,
          ]
        : [],
    );
    return (
      [...noted, ...edited, ...reread, ...skipped, ...slow].map((line) => `- ${line}`).join('\n') || undefined
    );
  },
};

/** Kinds of deviations as a sentence begins with them. */
const said: Readonly<Record<Deviation['kind'], string>> = {
  edited: 'Edited:',
  reread: 'Read otherwise:',
  skipped: 'Skipped:',
  overridden: 'Overrode a guard:',
  'by-hand': 'Done by hand:',
  refused: 'Was not so:',
  interrupted: 'Interrupted:',
  resumed: 'The run was resumed',
  'taken-over': 'The run was taken over',
  'runbook-changed': 'The runbook changed',
  'server-changed': 'The server changed',
  shell: 'By hand:',
  unattended: 'Nobody looked:',
};

const findings: Asked = {
  id: 'findings',
  text: 'What did not go as the runbook says?',
  suggest: ({ deviations }) =>
    deviations
      .filter((d) => d.kind !== 'unattended')
      .map((d) => `- ${said[d.kind]} ${d.what}${d.reason ? ` (${d.reason})` : ''}`)
      .join('\n') || undefined,
};

const learned: Asked = {
  id: 'learned',
  text: 'What was new to you, and what stays unclear?',
  suggest: () => undefined,
};

function fromNotes(state: RunState, sign: RegExp): string | undefined {
  return noteLines(state, sign).join('\n') || undefined;
}

/** What operators noted behind a word such as `cause:`. */
function noteLines(state: RunState, sign: RegExp): readonly string[] {
  return state.notes.filter((note) => sign.test(note.text)).map((note) => note.text.replace(sign, '').trim());
}
