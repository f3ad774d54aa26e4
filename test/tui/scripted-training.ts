import type { Training } from '../../src/tui/house.ts';

const wrong = (id: string, text: string, consequence: string) => ({ id, text, right: false, consequence });

/** A training that is fixed in content: one question before anything may be run, three hints, an end that holds. */
export function scriptedTraining(): Training {
  const questions = [
    {
      id: 'first',
      text: 'Members report that their bookings are gone. What do you do first?',
      marked: 0,
      answers: [
        wrong('restore', 'Restore the newest backup at once', 'What was booked since is gone for good.'),
        {
          id: 'look',
          text: 'Look at what is missing and since when, before anything else is changed or restored',
          right: true,
          consequence: 'Now you know which backup holds it.',
        },
        wrong('restart', 'Restart the application', 'It comes back, and the bookings do not.'),
      ],
    },
  ];
  const hints: string[] = [];
  let answered = false;
  return {
    title: 'Bookings are gone',
    symptoms: ['Members say that bookings of this week are not there.', 'Nothing was deployed today.'],
    look: async () => ['application: 200 ready', 'bookings: 0 of this week, 4,112 of last week'],
    questions: () => (answered ? [] : questions),
    questionBefore: () => undefined,
    answer: async (_, { right }) => {
      answered = right;
    },
    hints: () => hints,
    hint: async () => {
      const text = ['The newest backup is from 02:00.', 'Compare tables before you swap.'][hints.length];
      if (text !== undefined) hints.push(text);
      return text;
    },
    procedures: () => ({
      marked: 0,
      choices: [
        {
          path: 'runbooks/postgres-restore.md',
          runbook: 'postgres-restore.md',
          procedure: 'restore',
          title: 'Restore a PostgreSQL database',
        },
      ],
    }),
    choose: async () => {},
    begun: async () => {},
    bringBack: async () => {},
    check: async () => [
      { text: 'The bookings of this week are there', holds: true },
      { text: 'The application serves', holds: true },
    ],
    finish: async (outcome) =>
      `# Debrief: Bookings are gone\n\n**${outcome === 'solved' ? 'Solved' : 'Given up'}**, score 92 of 100\n\n| what | yours | goal |\n|---|---|---|\n| time to decide | 1m40s | 3m |\n| time to restore | 6m12s | 15m |\n| hints | ${hints.length} | 0 |\n\n- right at the first try: what to do first\n- the safety backup was made before anything was destroyed\n`,
    close: async () => {},
  };
}

export const scriptedScenario = {
  id: 'bookings-gone',
  title: 'Bookings are gone',
  level: 'first weeks',
} as const;
