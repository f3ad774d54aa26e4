import { appendBackupLog } from '../incident/backup-log.ts';
import { entryOf } from '../incident/entry.ts';
import { waitingLine } from '../incident/outbox.ts';
import { writeEntry } from '../incident/write.ts';
import { lineOf } from '../plain/line.ts';
import type { Permissions } from '../plain/permissions.ts';
import { type Ending, runPlain } from '../plain/run.ts';
import type { Session } from '../run/session.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { adviceOf } from './corrected.ts';
import { Courier } from './courier.ts';
import { type ExitCode, exit } from './exit.ts';
import { commitOffer } from './log-commit.ts';
import { whenOutputIsLost } from './lost-output.ts';
import type { Settings } from './settings.ts';
import { SilenceTold } from './silence.ts';
import { stopGraceMs } from './stop-climb.ts';

/** Milliseconds that telling others may take once the run is over; what is not told by then is told later. */
const tellingMs = 10_000;

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A run, and what masks the secrets that it knows. */
type MaskedSession = Session & { readonly mask: (text: string) => string };

/**
 * Goes through a run without a terminal, prints what happens, writes the entry, and resolves to the exit code.
 * A signal, or a standard output that nobody takes any more, stops the running command with the whole ladder and
 * leaves the run resumable.
 */
export async function runUnattended(
  session: MaskedSession,
  permissions: Permissions,
  settings: Settings,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  let climbing: NodeJS.Timeout | undefined;
  const interrupt = () => void session.dispatch({ type: 'interrupt' }).catch(() => undefined);
  const onSignal = () => {
    // What keeps the preferences raises each signal a second time, to end the process: one is enough to stop it well.
    if (climbing) return;
    interrupt();
    climbing = setInterval(interrupt, stopGraceMs);
  };
  let lost: string | undefined;
  const keepOutput = whenOutputIsLost((error) => {
    if (lost === undefined && error.code !== 'EPIPE')
      say(`standard output cannot be written: ${error.message}`);
    lost ??= error.message;
    onSignal();
  });
  for (const signal of endingSignals) process.on(signal, onSignal);
  const courier = new Courier(settings, process.env, say);
  courier.begin();
  courier.follow(session, session.mask);
  const stopPrinting = print(session, json, () => lost !== undefined);
  try {
    const ending = await runPlain(session, permissions, () => climbing !== undefined);
    if (climbing && session.state().status === 'running')
      await session.dispatch({
        type: 'stop',
        reason: lost === undefined ? 'interrupted by a signal' : `standard output was lost: ${lost}`,
      });
    stopPrinting();
    await entry(session, settings);
    await courier.entryWritten(session);
    if (ending.kind !== 'passed' && climbing === undefined)
      for (const line of await adviceOf(session)) say(line);
    return report(session, ending, climbing !== undefined, courier.isTaken);
  } finally {
    clearInterval(climbing);
    for (const signal of endingSignals) process.off(signal, onSignal);
    await session.close();
    const left = await courier.close(tellingMs);
    // The folders of the settings have the entry only by now.
    if (session.state().status === 'finished') {
      const offer = await commitOffer(session.folder, session.state().started.run);
      if (offer) process.stderr.write(`${offer}\n`);
    }
    const untold = waitingLine(left);
    if (untold) say(untold);
    keepOutput();
  }
}

function say(text: string): void {
  process.stderr.write(`drillbook: ${sanitise(text)}\n`);
}

function print(session: Session, json: boolean, isLost: () => boolean): () => void {
  const write = (text: string) => {
    if (!isLost()) process.stdout.write(`${text}\n`);
  };
  // A run that is taken up again has told what came before.
  let printed = Math.max(
    0,
    session.events().findLastIndex((event) => event.type === 'run-resumed'),
  );
  const silence = new SilenceTold();
  const onChange = () => {
    const silent = silence.next(session.live());
    if (silent !== undefined) say(silent);
    const events = session.events();
    for (; printed < events.length; printed++) {
      const event = events[printed]!;
      if (json) {
        write(JSON.stringify(event));
        continue;
      }
      const line = lineOf(event, session.state());
      if (line !== undefined) write(sanitise(line));
    }
  };
  const stopLines = json ? () => {} : session.onLine((line) => write(`  ${line}`));
  const stopEvents = session.subscribe(onChange);
  onChange();
  return () => {
    onChange();
    stopEvents();
    stopLines();
  };
}

async function entry(session: Session, settings: Settings): Promise<void> {
  if (session.state().started.mode === 'preview') return;
  const made = entryOf(session.events(), new Date(), undefined, session.state());
  const written = await writeEntry(made, session.folder, settings.incidents);
  process.stderr.write(`entry: ${sanitise(written.incident ?? written.markdown)}\n`);
  if (written.problem) say(written.problem);
  await appendBackupLog(made, settings.incidents).catch((error: Error) => say(error.message));
}

function report(session: Session, ending: Ending, signalled: boolean, isTaken: boolean): ExitCode {
  const { run } = session.state().started;
  if (isTaken) {
    say(`${ending.kind === 'passed' ? '' : `${ending.reason}. `}It goes on there: drillbook watch ${run}`);
    return exit.failed;
  }
  if (signalled && session.state().status !== 'finished') {
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
      if (session.state().status === 'finished') {
        say(`${ending.reason}; ${ending.next}`);
        return exit.needsPerson;
      }
      say(`${ending.reason}; ${ending.next}. To go on: drillbook resume ${run}`);
      return exit.needsPerson;
  }
}
