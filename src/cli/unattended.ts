import { entryOf } from '../incident/entry.ts';
import { writeEntry } from '../incident/write.ts';
import { lineOf } from '../plain/line.ts';
import type { Permissions } from '../plain/permissions.ts';
import { type Ending, runPlain } from '../plain/run.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { type ExitCode, exit } from './exit.ts';
import { type RunSession, stopGraceMs } from './run-session.ts';
import type { Settings } from './settings.ts';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Goes through a run without a terminal, prints what happens, writes the entry, and resolves to the exit code.
 * A signal stops the running command with the whole ladder and leaves the run resumable.
 */
export async function runUnattended(
  session: RunSession,
  permissions: Permissions,
  settings: Settings,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const stopPrinting = print(session, json);
  let climbing: NodeJS.Timeout | undefined;
  const interrupt = () => void session.dispatch({ type: 'interrupt' }).catch(() => undefined);
  const onSignal = () => {
    // What keeps the preferences raises each signal a second time, to end the process: one is enough to stop it well.
    if (climbing) return;
    interrupt();
    climbing = setInterval(interrupt, stopGraceMs);
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  try {
    const ending = await runPlain(session, permissions, () => climbing !== undefined);
    if (climbing && session.state().status === 'running')
      await session.dispatch({ type: 'stop', reason: 'interrupted by a signal' });
    stopPrinting();
    await entry(session, settings);
    return report(session, ending, climbing !== undefined);
  } finally {
    clearInterval(climbing);
    for (const signal of endingSignals) process.off(signal, onSignal);
    await session.close();
  }
}

function print(session: RunSession, json: boolean): () => void {
  // A run that is taken up again has told what came before.
  let printed = Math.max(
    0,
    session.events().findLastIndex((event) => event.type === 'run-resumed'),
  );
  const onChange = () => {
    const events = session.events();
    for (; printed < events.length; printed++) {
      const event = events[printed]!;
      if (json) {
        process.stdout.write(`${JSON.stringify(event)}\n`);
        continue;
      }
      const line = lineOf(event, session.state());
      if (line !== undefined) process.stdout.write(`${sanitise(line)}\n`);
    }
  };
  const stopLines = json ? () => {} : session.onLine((line) => process.stdout.write(`  ${line}\n`));
  const stopEvents = session.subscribe(onChange);
  onChange();
  return () => {
    onChange();
    stopEvents();
    stopLines();
  };
}

async function entry(session: RunSession, settings: Settings): Promise<void> {
  if (session.state().started.mode === 'preview') return;
  const written = await writeEntry(entryOf(session.events(), new Date()), session.folder, settings.incidents);
  process.stderr.write(`entry: ${written.incident ?? written.markdown}\n`);
  if (written.problem) process.stderr.write(`drillbook: ${sanitise(written.problem)}\n`);
}

function report(session: RunSession, ending: Ending, signalled: boolean): ExitCode {
  const { run } = session.state().started;
  const say = (text: string) => process.stderr.write(`drillbook: ${sanitise(text)}\n`);
  if (signalled) {
    say(`interrupted; the run can be taken up again: drillbook resume ${run}`);
    return exit.interrupted;
  }
  switch (ending.kind) {
    case 'passed':
      return exit.done;
    case 'failed':
      say(`failed: ${ending.reason}`);
      if (session.state().status === 'stopped') say(`the run can be taken up again: drillbook resume ${run}`);
      return exit.failed;
    case 'needs-person':
      say(`${ending.reason}; ${ending.next}. To go on: drillbook resume ${run}`);
      return exit.needsPerson;
  }
}
