import { join } from 'node:path';
import { readCatalog } from '../../../backup/catalog.ts';
import { directoryStore } from '../../../backup/stores/directory.ts';
import { isVerified } from '../../../backup/verification.ts';
import { addOlderBackups } from '../aged-backups.ts';
import { applicationLines, storeLines } from '../application-state.ts';
import type { Bench } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

const days = 60;
const room = 61;

/** Nobody has cleaned up: the next backup does not fit any more. */
export const fullStore: Scenario = {
  id: 'full-store',
  title: 'The nightly backup: "quota exceeded"',
  level: 'first',
  simulated: `The quota is simulated: the store counts as full with ${room} backups. The files are real, and what is deleted is gone.`,
  break: async (bench) => {
    await addOlderBackups(bench.place.store, days);
    const { backups } = await readCatalog(directoryStore(bench.place.store));
    const verified = backups.findLast((one) => isVerified(one.verifications));
    return { verified: verified?.file ?? '' };
  },
  symptoms: () => [
    'The nightly backup has failed: "507 quota exceeded". It will fail again tonight, and the RPO is 24 hours.',
    'Nobody has cleaned up for two months. The policy: 7 daily, 4 weekly, 12 monthly, 5 yearly.',
    'A note on the wall of the office: find /var/backups -mtime +7 -delete',
  ],
  shows: async (bench) => {
    const { backups } = await readCatalog(directoryStore(bench.place.store));
    return [
      ...(await applicationLines(bench)),
      `store: ${backups.length} backups, ${backups.length >= room ? 'no room' : `room for ${room - backups.length} more`} (quota of ${room}, simulated)`,
      ...(await storeLines(bench, 3)),
    ];
  },
  questions: [
    {
      id: 'age',
      text: 'What is wrong with deleting everything that is older than seven days?',
      answers: [
        {
          text: 'Nothing: the policy keeps seven days',
          consequence: 'The weekly, monthly and yearly ones would go, which somebody may have to show.',
        },
        {
          text: 'If backups fail for a week, it deletes the last good one',
          right: true,
          consequence: 'A rule by age alone does not look whether something newer is there, and good.',
        },
        { text: 'It is too slow', consequence: 'It is quick, and that is the trouble with it.' },
      ],
    },
    {
      id: 'never',
      text: 'Which backup must no cleaning ever take?',
      answers: [
        {
          text: 'The oldest',
          consequence: 'The oldest goes first, once its month and year have a newer one.',
        },
        { text: 'The largest', consequence: 'Its size says nothing of its worth.' },
        {
          text: 'The newest that was verified',
          right: true,
          consequence: 'It is the only one of which somebody knows that it can be restored.',
        },
      ],
    },
  ],
  hints: [
    'Room has to be made, by the policy and not by age alone. There is a procedure for it.',
    'The runbook "Clean up old backups" shows a plan before it deletes.',
    'Take retention-cleanup.md. It asks for PRUNE_TARGET: sandbox. Read the phrase that the guard wants.',
  ],
  procedures: ['retention-cleanup.md#clean-up-old-backups'],
  path: [
    'Take "Clean up old backups"',
    'Verify that at least one backup is good, before anything goes',
    'Read the plan: what goes, and why the others stay',
    'Delete by that plan, with the phrase that names whose backups they are',
  ],
  check: async (bench, memo) => {
    const { backups } = await readCatalog(directoryStore(bench.place.store));
    return [
      {
        text: 'There is room for weeks: at most 28 backups are left',
        holds: backups.length <= 28 && backups.length > 0,
      },
      {
        text: 'The last verified backup is there and can be read to its end',
        holds: memo.verified !== '' && (await kept(bench, String(memo.verified))),
      },
      {
        text: 'Weekly and monthly ones were kept: some are older than a week',
        holds: backups.some(({ takenAt }) => Date.now() - takenAt.getTime() > 8 * 24 * 3600 * 1000),
      },
    ];
  },
  read: ['runbooks/retention-cleanup.md', 'drillbook backup prune --plan'],
};

function kept(bench: Bench, file: string): Promise<boolean> {
  return bench.readable(join(bench.place.store, file));
}
