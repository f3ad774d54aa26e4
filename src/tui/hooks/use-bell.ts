import { useStdout } from 'ink';
import { useEffect, useRef } from 'react';
import type { Attempt, RunState } from '../../run/state.ts';
import { capabilitiesOf } from '../../terminal/capabilities.ts';
import { notification } from '../../terminal/notify.ts';
import { attemptLine } from '../attempt-line.ts';
import { withoutSecrets } from '../command-lines.ts';
import { plain } from '../line.ts';
import { useUi } from '../ui.ts';

/** Calls once when a long command has ended: somebody may be looking elsewhere. How, the preferences say. */
export function useBell({ parts, started }: RunState): void {
  const { stdout } = useStdout();
  const { house } = useUi();
  // What ended before this screen was there is no news.
  const known = useRef<number | undefined>(undefined);
  useEffect(() => {
    const ended = newest(parts);
    const seq = ended?.finished?.seq ?? 0;
    const before = known.current;
    known.current = seq;
    if (before === undefined || seq <= before || !ended?.finished) return;
    const { way, after } = house.notifications;
    if (way === 'off' || ended.finished.durationMs <= after * 1000) return;
    const able = way === 'bell' ? ({ notification: 'bell' } as const) : capabilitiesOf(process.stdout);
    const first = withoutSecrets(ended.text).trim().split('\n')[0]!;
    // It moves nothing on the screen, so that it may go past Ink.
    stdout.write(
      notification(able, {
        title: `Drillbook: ${started.procedure.title}`,
        body: `${plain(attemptLine(ended))}  ${first}`,
      }),
    );
  }, [parts, started, stdout, house]);
}

/** The try of a command that ended last. */
function newest(parts: RunState['parts']): Attempt | undefined {
  let found: Attempt | undefined;
  for (const { attempts } of Object.values(parts))
    for (const attempt of attempts)
      if (attempt.finished && attempt.finished.seq > (found?.finished?.seq ?? 0)) found = attempt;
  return found;
}
