import { isAlive } from '../execution/process-fate.ts';
import { openJournal } from '../journal/journal.ts';
import { fold } from '../run/fold.ts';
import type { RecordedEvent } from '../run/state.ts';

/**
 * Ends the run of a drill or a training that was killed, as abandoned: nobody goes on with half of one. The whole journal
 * with its end; undefined where it has none, or had ended by itself. Whoever calls holds the run's lock. Rejects with a
 * `JournalFault`.
 */
export async function endKilledRun(
  folder: string,
  operator: string,
  { note, reason }: { readonly note: string; readonly reason: string },
): Promise<readonly RecordedEvent[] | undefined> {
  const { journal, reading } = await openJournal(folder, operator);
  try {
    if (reading.events.length === 0) return undefined;
    const { status, running } = fold(reading.events);
    if (status === 'finished') return undefined;
    const events: RecordedEvent[] = [...reading.events];
    if (running) {
      const { command, attempt, pid, birth } = running;
      const alive = pid !== undefined && (await isAlive(pid, birth));
      events.push(
        await journal.append({
          type: 'command-interrupted',
          command,
          attempt,
          alive,
          ...(pid === undefined ? {} : { pid }),
        }),
      );
    }
    events.push(await journal.append({ type: 'note-added', text: note }));
    events.push(await journal.append({ type: 'run-finished', outcome: 'abandoned', reason }));
    return events;
  } finally {
    await journal.close();
  }
}
