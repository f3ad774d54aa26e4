import { useInput, useStdout } from 'ink';
import { useMemo, useRef, useState } from 'react';
import { here } from '../../run/here.ts';
import type { Intent } from '../../run/intent.ts';
import type { Session } from '../../run/session.ts';
import { clipboard } from '../../terminal/clipboard.ts';
import { keyLabel } from '../bindings.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { Select } from '../components/select.tsx';
import { type Detail, detailOf } from '../detail.ts';
import { useBell } from '../hooks/use-bell.ts';
import { useFindings } from '../hooks/use-findings.ts';
import { type Handlers, useKeys } from '../hooks/use-keys.ts';
import { useLender } from '../hooks/use-lender.ts';
import { useLinks } from '../hooks/use-links.ts';
import { useNow } from '../hooks/use-now.ts';
import { useSession } from '../hooks/use-session.ts';
import { useSymptoms } from '../hooks/use-symptoms.ts';
import type { Keyboard } from '../keyboard.ts';
import { blank } from '../line.ts';
import { linksHere } from '../links-here.ts';
import { lookHandlers } from '../look-handlers.ts';
import type { Overlay, Question } from '../overlay.ts';
import { phraseOfOverride } from '../override.ts';
import { preselected } from '../preselect.ts';
import { questionOf } from '../question.ts';
import { Readings } from '../readings.ts';
import { remedyHint } from '../remedies.ts';
import { runHandlers } from '../run-handlers.ts';
import { runHeader } from '../run-header.ts';
import { lastAttempt, runBody } from '../run-layout.ts';
import { runPalette } from '../run-palette.ts';
import { useUi } from '../ui.ts';
import { Ending } from './ending.tsx';
import { Front } from './front.tsx';
import { Record } from './record.tsx';
import type { SetupStart } from './setup.tsx';

export interface RunProps {
  readonly session: Session;
  readonly keyboard: Keyboard;
  /** The run was left: `home` to choose something else, `quit` to leave the program, or to begin another runbook. */
  readonly onLeave: (where: 'home' | 'quit' | SetupStart, interrupted: boolean, trouble: unknown) => void;
}

/** A run: the step, the command, its output, and every way on. Keys become intents; nothing is decided here. */
export function Run({ session, keyboard, onLeave }: RunProps) {
  const ui = useUi();
  useSession(session);
  const state = session.state();
  const question = questionOf(state);
  const readings = useMemo(() => new Readings(), []);
  const findings = useFindings(session);
  const links = useLinks(session);
  const symptoms = useSymptoms(session);
  const { stdout } = useStdout();
  const [overlay, setOverlay] = useState<Overlay | undefined>();
  const [ending, setEnding] = useState(false);
  const leaving = useRef(false);
  const now = useNow(ui.theme.reader ? 30_000 : state.running && !ui.theme.still ? 100 : 1000);
  const header = runHeader(state, now, ui.columns);
  const finished = state.status === 'finished';
  useLender(session, keyboard);
  useBell(state);

  /** Sends an intent and shows what came of it: nothing, a guard, or a refusal. */
  const send = async (intent: Intent, asked?: Question): Promise<void> => {
    const phrase = phraseOfOverride(session.state(), readings, intent);
    if (phrase) return setOverlay({ kind: 'guard', ...phrase });
    // Its question must not stand there when the shell gives the terminal back.
    if (intent.type === 'open-shell' && intent.confirmation) setOverlay(undefined);
    const decision = await session.dispatch(intent);
    switch (decision.kind) {
      case 'accepted':
        setOverlay(undefined);
        // A command that could not be journaled to its end is told when it happens.
        if (intent.type === 'run') void session.settled().catch(ui.fail);
        if (intent.type === 'hand-over') await leave('home');
        return;
      case 'guarded':
        if (intent.type !== 'run' && intent.type !== 'open-shell') return;
        setOverlay({ kind: 'guard', intent, guarded: decision });
        return;
      case 'refused': {
        const complaint = `${decision.reason}: ${decision.next}`;
        if (decision.again && asked) setOverlay({ kind: 'ask', ask: { ...asked, complaint } });
        else if (decision.again && overlay?.kind === 'guard') setOverlay({ ...overlay, complaint });
        else setOverlay({ kind: 'refused', intent, refused: decision });
      }
    }
  };

  // Whatever goes wrong on the way out (a full disk), it is told, and the way out stays open.
  const leave = async (where: 'home' | 'quit' | SetupStart, interrupted = false): Promise<void> => {
    if (leaving.current) return;
    leaving.current = true;
    let trouble: unknown;
    try {
      if (session.state().running) await session.dispatch({ type: 'interrupt' });
      await session.settled();
      if (session.state().status === 'running')
        await session.dispatch({
          type: 'stop',
          reason: typeof where === 'string' ? 'left by the operator' : `left for ${where.path}`,
        });
    } catch (error) {
      trouble = error;
    }
    onLeave(where, interrupted, trouble);
  };

  // Not through the gate: what stops a command must act whatever is on the screen.
  useInput((input, key) => {
    if (!(key.ctrl && input === 'c')) return;
    if (session.state().running) void session.dispatch({ type: 'interrupt' }).catch(ui.fail);
    else if (finished || overlay?.kind === 'stop') void leave('quit', !finished);
    else setOverlay({ kind: 'stop' });
  });

  const copy = (text: string, what: string): void => {
    // A clipboard sequence moves nothing on the screen, so that it may go past Ink.
    stdout.write(clipboard(text));
    ui.say(`The ${what} was sent to the clipboard, where the terminal allows it.`);
  };
  const linked = linksHere(state, links);
  const handlers: Handlers = {
    ...lookHandlers({ state, readings, findings, symptoms, show: setOverlay, copy }),
    ...runHandlers(
      state,
      readings,
      {
        send,
        ask: (ask) => setOverlay({ kind: 'ask', ask }),
        show: setOverlay,
        finish: () => setEnding(true),
        quit: () => (state.running ? setOverlay({ kind: 'quit' }) : leave('quit')),
      },
      linked,
    ),
    hint: ui.training ? () => setOverlay({ kind: 'hints' }) : undefined,
  };
  const front = overlay !== undefined || ending || finished;
  const at = here(state);
  const choosing = question.context === 'choice' && at.kind === 'choice' ? at.choice : undefined;
  const keys = useKeys(question.context, handlers, {
    active: !front,
    // The list acts on Enter, and Ctrl+C acts whatever is on the screen.
    listed: choosing ? ['choose'] : state.running ? ['interrupt'] : [],
  });

  /** The step; where a command has failed, also that the runbook knows what helps. */
  const detail = (width: number): Detail => {
    const found = detailOf(state, readings, width, findings);
    if (question.context !== 'failed' || symptoms.length === 0) return found;
    const output = lastAttempt(state)?.finished?.output.tail ?? '';
    const key = ui.keymap.find(({ action }) => action === 'remedies')?.keys[0] ?? '';
    const hint = remedyHint(symptoms, output, keyLabel(key, ui.theme.unicode), width);
    return { ...found, tail: [...found.tail, ...hint] };
  };

  const screen = (): React.ReactNode => {
    if (ending || finished)
      return (
        <Ending
          session={session}
          header={header}
          onBack={() => setEnding(false)}
          onDone={(where) => leave(where)}
        />
      );
    if (overlay)
      return (
        <Front
          shown={overlay}
          session={session}
          readings={readings}
          header={header}
          context={question.context}
          findings={findings}
          symptoms={symptoms}
          found={() =>
            runPalette({
              state,
              readings,
              context: question.context,
              handlers,
              keymap: ui.keymap,
              unicode: ui.theme.unicode,
              links,
              symptoms,
              runbooks: ui.house.home().runbooks,
              show: setOverlay,
            })
          }
          send={send}
          show={setOverlay}
          leave={leave}
        />
      );
    const height = bodyRows(ui.rows, header.length);
    const cap = ui.rows <= 34 ? height : Math.max(28, Math.floor(ui.rows * 0.75) - 5 - header.length);
    const list = choosing ? Math.min(choosing.options.length, Math.max(3, Math.floor(cap / 2))) : 0;
    return (
      <Page
        question={question.id}
        now={() => questionOf(session.state()).id}
        header={header}
        keys={keys}
        lines={[
          ...runBody({
            state,
            readings,
            live: session.live(),
            now,
            spinner: ui.theme.spinner,
            columns: ui.columns,
            height: Math.min(height, cap) - (list > 0 ? list + 1 : 0),
            folded: ui.theme.reader,
            colored: ui.theme.color('accent') !== undefined,
            detail,
          }),
          ...(list > 0 ? [blank] : []),
        ]}
        {...(choosing
          ? {
              belowRows: list,
              below: (
                <Select
                  items={choosing.options.map((option) => ({
                    key: option.id,
                    label: option.title,
                    detail: 'tags' in option ? option.tags.join(' ') : '',
                    value: option.id,
                  }))}
                  initial={preselected(state, choosing)}
                  limit={list}
                  onSelect={(option) => send({ type: 'choose', choice: choosing.id, option })}
                />
              ),
            }
          : {})}
      />
    );
  };

  return (
    <>
      <Record state={state} />
      {screen()}
    </>
  );
}
