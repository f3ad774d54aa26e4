import { useStdout } from 'ink';
import { useEffect, useRef } from 'react';
import type { RunState } from '../../run/state.ts';
import { capabilitiesOf } from '../../terminal/capabilities.ts';
import { notification } from '../../terminal/notify.ts';
import { attemptLine } from '../attempt-line.ts';
import { withoutSecrets } from '../command-lines.ts';
import { plain } from '../line.ts';
import { useUi } from '../ui.ts';

/** Calls once when a long command has ended: somebody may be looking elsewhere. How, the preferences say. */
export function useBell({ running, parts, started }: RunState): void {
  const { stdout } = useStdout();
  const { house } = useUi();
  const before = useRef(running);
  useEffect(() => {
    const was = before.current;
    before.current = running;
    if (!was || running) return;
    const { way, after } = house.notifications;
    const ended = parts[was.command]?.attempts.find(({ attempt }) => attempt === was.attempt);
    if (way === 'off' || !ended?.finished || ended.finished.durationMs <= after * 1000) return;
    const known = way === 'bell' ? ({ notification: 'bell' } as const) : capabilitiesOf(process.stdout);
    const first = withoutSecrets(was.text).trim().split('\n')[0]!;
    // It moves nothing on the screen, so that it may go past Ink.
    stdout.write(
      notification(known, {
        title: `Drillbook: ${started.procedure.title}`,
        body: `${plain(attemptLine(ended))}  ${first}`,
      }),
    );
  }, [running, parts, started, stdout, house]);
}
