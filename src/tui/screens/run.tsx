import { Static, useApp, useInput } from 'ink';
import { useEffect, useMemo, useRef, useState } from 'react';
import { guardOf } from '../../run/decide-command.ts';
import { elsewhere } from '../../run/elsewhere.ts';
import { here, openPart } from '../../run/here.ts';
import type { Intent } from '../../run/intent.ts';
import { type Doer, plannedParts } from '../../run/plan.ts';
import type { Session } from '../../run/session.ts';
import type { RunState } from '../../run/state.ts';
import { identityDifference } from '../../run/target.ts';
import type { Command, ConfigurationFile } from '../../runbook/part.ts';
import { asking } from '../asking.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { Rows } from '../components/rows.tsx';
import { Select } from '../components/select.tsx';
import { detailOf } from '../detail.ts';
import { type Handlers, useKeys } from '../hooks/use-keys.ts';
import { useNow } from '../hooks/use-now.ts';
import { useSession } from '../hooks/use-session.ts';
import type { Keyboard } from '../keyboard.ts';
import { lenderOf } from '../lender.ts';
import { blank } from '../line.ts';
import { momentLines } from '../moments.ts';
import type { Overlay, Question } from '../overlay.ts';
import { preselected } from '../preselect.ts';
import { questionOf } from '../question.ts';
import { Readings } from '../readings.ts';
import { runHeader } from '../run-header.ts';
import { lastAttempt, runBody } from '../run-layout.ts';
import { type Summary, summaries } from '../step-summary.ts';
import { useUi } from '../ui.ts';
import { Ask } from './ask.tsx';
import { Ending } from './ending.tsx';
import { GuardPrompt } from './guard.tsx';
import { Help } from './help.tsx';
import { Output } from './output.tsx';
import { Reader } from './reader.tsx';
import { RefusedScreen } from './refused.tsx';
import { StepList } from './step-list.tsx';
import { QuitPrompt, StopPrompt } from './stop.tsx';

export interface RunProps {
  readonly session: Session;
  readonly keyboard: Keyboard;
  /** The run was left: `home` to choose something else, `quit` to leave the program. */
  readonly onLeave: (where: 'home' | 'quit', interrupted?: boolean) => void;
}

/** A run: the step, the command, its output, and every way on. Keys become intents; nothing is decided here. */
export function Run({ session, keyboard, onLeave }: RunProps) {
  const ui = useUi();
  useSession(session);
  const state = session.state();
  const question = questionOf(state);
  const readings = useMemo(() => new Readings(), []);
  const [overlay, setOverlay] = useState<Overlay | undefined>();
  const [ending, setEnding] = useState(false);
  const leaving = useRef(false);
  const now = useNow(state.running ? 100 : 1000);
  const header = runHeader(state, now, ui.columns);
  const finished = state.status === 'finished';
  useLender(session, keyboard);

  const close = (): void => setOverlay(undefined);

  /** Sends an intent and shows what came of it: nothing, a guard, or a refusal. */
  const send = async (intent: Intent, asked?: Question): Promise<void> => {
    const phrase = phraseOfOverride(session.state(), readings, intent);
    if (phrase) return setOverlay({ kind: 'guard', ...phrase });
    const decision = await session.dispatch(intent);
    switch (decision.kind) {
      case 'accepted':
        setOverlay(undefined);
        return;
      case 'guarded':
        if (intent.type !== 'run') return;
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

  const leave = async (where: 'home' | 'quit', interrupted = false): Promise<void> => {
    if (leaving.current) return;
    leaving.current = true;
    if (session.state().running) await session.dispatch({ type: 'interrupt' });
    await session.settled();
    if (session.state().status === 'running')
      await session.dispatch({ type: 'stop', reason: 'left by the operator' });
    onLeave(where, interrupted);
  };

  // Not through the gate: what stops a command must act whatever is on the screen.
  useInput((input, key) => {
    if (!(key.ctrl && input === 'c')) return;
    if (session.state().running) void session.dispatch({ type: 'interrupt' }).catch(ui.fail);
    else if (finished || overlay?.kind === 'stop') void leave('quit', !finished).catch(ui.fail);
    else setOverlay({ kind: 'stop' });
  });

  const handlers = runHandlers(state, readings, {
    send,
    ask: (ask) => setOverlay({ kind: 'ask', ask }),
    show: setOverlay,
    finish: () => setEnding(true),
    quit: () => (state.running ? setOverlay({ kind: 'quit' }) : leave('quit')),
  });
  const front = overlay !== undefined || ending || finished;
  const at = here(state);
  const choosing = question.context === 'choice' && at.kind === 'choice' ? at.choice : undefined;
  const keys = useKeys(question.context, handlers, {
    active: !front,
    // The list acts on Enter, and Ctrl+C acts whatever is on the screen.
    listed: choosing ? ['choose'] : state.running ? ['interrupt'] : [],
  });

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
    if (overlay) return front_(overlay);
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
            colored: ui.theme.color('accent') !== undefined,
            detail: (width) => detailOf(state, readings, width),
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

  const front_ = (shown: Overlay): React.ReactNode => {
    switch (shown.kind) {
      case 'guard': {
        const command = commandOf(state, shown.guarded.command);
        return (
          <GuardPrompt
            key={shown.guarded.command}
            header={header}
            state={state}
            guarded={shown.guarded}
            shown={command ? readings.of(state, command).prepared.shown : ''}
            complaint={shown.complaint}
            onConfirm={(phrase) => {
              const { confirmation } = shown.intent;
              if (confirmation?.by === 'override')
                return send({
                  ...shown.intent,
                  confirmation: { ...confirmation, ...(phrase ? { phrase } : {}) },
                });
              return send({
                ...shown.intent,
                confirmation: phrase === undefined ? { by: 'enter' } : { by: 'phrase', phrase },
              });
            }}
            onClose={close}
          />
        );
      }
      case 'refused': {
        const { intent, refused } = shown;
        const { identity, lastIdentity } = state;
        const otherServer =
          identity && lastIdentity?.identity && identityDifference(identity, lastIdentity.identity);
        return (
          <RefusedScreen
            header={header}
            refused={refused}
            onOverride={
              refused.overridable && intent.type === 'run'
                ? () => setOverlay({ kind: 'ask', ask: asking.override(intent, refused.reason) })
                : undefined
            }
            onAcceptIdentity={
              otherServer ? () => setOverlay({ kind: 'ask', ask: asking.acceptIdentity() }) : undefined
            }
            onClose={close}
          />
        );
      }
      case 'ask': {
        const { ask } = shown;
        return (
          <Ask
            key={ask.id}
            question={`ask/${ask.id}/${ask.complaint ?? ''}`}
            header={header}
            title={ask.title}
            complaint={ask.complaint}
            initial={ask.initial ?? ''}
            secret={ask.secret ?? false}
            multiline={ask.multiline ?? false}
            onSubmit={(text) => {
              if (!ask.required || text !== '') return send(ask.intent(text), ask);
              setOverlay({
                kind: 'ask',
                ask: { ...ask, complaint: 'an empty value would mean something else' },
              });
            }}
            onClose={close}
          />
        );
      }
      case 'output':
        return (
          <Output
            question="output"
            header={header}
            session={session}
            command={shown.command}
            attempt={shown.attempt}
            onClose={close}
          />
        );
      case 'back':
        return (
          <StepList
            header={header}
            state={state}
            onSelect={(step) => send({ type: 'back', step })}
            onClose={close}
          />
        );
      case 'timeline':
        return (
          <Reader
            question="timeline"
            header={header}
            title="Timeline (UTC)"
            lines={momentLines(state, session.events())}
            fromEnd
            onClose={close}
          />
        );
      case 'help':
        return <Help question="help" header={header} context={question.context} onClose={close} />;
      case 'stop':
        return (
          <StopPrompt
            header={header}
            running={state.running !== undefined}
            onStop={() => leave('home')}
            onFinish={(outcome) => setOverlay({ kind: 'ask', ask: asking.finish(outcome) })}
            onClose={close}
          />
        );
      case 'quit':
        return (
          <QuitPrompt header={header} onLeave={() => void leave('quit').catch(ui.fail)} onClose={close} />
        );
    }
  };

  return (
    <>
      <Record state={state} />
      {screen()}
    </>
  );
}

/** An override with its reason, of a command that wants its phrase as well: the guard that asks for it. */
function phraseOfOverride(
  state: RunState,
  readings: Readings,
  intent: Intent,
): Pick<Extract<Overlay, { kind: 'guard' }>, 'intent' | 'guarded'> | undefined {
  if (intent.type !== 'run' || intent.confirmation?.by !== 'override') return undefined;
  if (intent.confirmation.phrase !== undefined || intent.confirmation.reason.trim() === '') return undefined;
  const at = here(state);
  if (at.kind !== 'part' || at.part.kind !== 'command') return undefined;
  const { reading } = readings.of(state, at.part);
  const guard = guardOf(state, at.step, reading);
  if (guard.kind !== 'phrase') return undefined;
  return {
    intent,
    guarded: { kind: 'guarded', command: at.part.id, guard, reading, cautions: elsewhere(state, reading) },
  };
}

/** Prints each step that was left once, above everything, where it stays. */
function Record({ state }: { readonly state: RunState }) {
  const { columns } = useUi();
  const [printed, setPrinted] = useState<readonly Summary[]>([]);
  const known = useRef(new Set<string>());
  useEffect(() => {
    const fresh = summaries(state, columns).filter((summary) => !known.current.has(summary.key));
    if (fresh.length === 0) return;
    for (const summary of fresh) known.current.add(summary.key);
    setPrinted((before) => [...before, ...fresh]);
  }, [state, columns]);
  return (
    <Static items={printed as Summary[]}>
      {(summary) => <Rows key={summary.key} lines={summary.lines} />}
    </Static>
  );
}

function useLender(session: Session, keyboard: Keyboard): void {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    const lender = lenderOf(suspendTerminal, keyboard);
    session.lender = lender;
    return () => {
      if (session.lender === lender) session.lender = undefined;
    };
  }, [session, keyboard, suspendTerminal]);
}

interface Ways {
  readonly send: (intent: Intent) => Promise<void>;
  readonly ask: (question: Question) => void;
  readonly show: (overlay: Overlay) => void;
  readonly finish: () => void;
  readonly quit: () => void | Promise<void>;
}

/** What can be done where the run stands. What is missing here has no key. */
function runHandlers(state: RunState, readings: Readings, { send, ask, show, finish, quit }: Ways): Handlers {
  const at = here(state);
  const part = at.kind === 'part' ? at.part : undefined;
  const attempt = lastAttempt(state);
  const file = fileOf(state);
  return {
    ...(part ? partHandlers(state, readings, part, send, ask) : {}),
    next: () => send({ type: 'next' }),
    finish,
    worked: () => ask(asking.settle('succeeded')),
    'did-not': () => ask(asking.settle('failed')),
    'accept-change': () => ask(asking.acceptRunbook()),
    'skip-step': canSkipStep(state) ? () => ask(asking.skipStep()) : undefined,
    'save-file': file ? () => ask(asking.saveFile(file)) : undefined,
    note: () => ask(asking.note()),
    output: attempt
      ? () => show({ kind: 'output', command: attempt.command, attempt: attempt.attempt })
      : undefined,
    back: Object.keys(state.steps).length > 0 && !state.running ? () => show({ kind: 'back' }) : undefined,
    timeline: () => show({ kind: 'timeline' }),
    shell: () => send({ type: 'open-shell' }),
    'hand-over': () => ask(asking.handOver()),
    stop: () => show({ kind: 'stop' }),
    help: () => show({ kind: 'help' }),
    quit,
  };
}

function partHandlers(
  state: RunState,
  readings: Readings,
  part: Doer,
  send: Ways['send'],
  ask: Ways['ask'],
): Handlers {
  const { id } = part;
  const common: Handlers = {
    walk: () => send({ type: 'skip-part', part: id, reason: 'preview' }),
    skip: () => ask(asking.skip(id)),
  };
  switch (part.kind) {
    case 'command': {
      const run = (interactive?: true) => () => {
        const { missing } = readings.of(state, part).prepared;
        const [name] = missing;
        if (name !== undefined) return ask(asking.value(state, part, name));
        return send({ type: 'run', command: id, ...(interactive ? { interactive } : {}) });
      };
      return {
        ...common,
        run: run(),
        retry: run(),
        interactive: run(true),
        edit: () => ask(asking.edit(id, state.parts[id]?.edited ?? part.text)),
        'by-hand': () => ask(asking.byHand(id)),
      };
    }
    case 'manual':
      return { ...common, done: () => send({ type: 'manual', part: id }) };
    case 'check':
      return {
        ...common,
        tick: () => send({ type: 'check', part: id, answer: 'ticked' }),
        refuse: () => send({ type: 'check', part: id, answer: 'refused' }),
        'not-applicable': () => send({ type: 'check', part: id, answer: 'not-applicable' }),
      };
    case 'criterion':
      return {
        ...common,
        holds: () => send({ type: 'judge', part: id, verdict: 'met' }),
        missed: () => send({ type: 'judge', part: id, verdict: 'missed' }),
        'not-judged': () => send({ type: 'judge', part: id, verdict: 'not-judged' }),
      };
  }
}

/** A step that has something open; before it and after it there is nothing to skip. */
function canSkipStep(state: RunState): boolean {
  const at = here(state);
  return (
    at.kind === 'part' ||
    (at.kind === 'choice' && at.step !== undefined && openPart(state, at.step) !== undefined)
  );
}

function partsHere(state: RunState) {
  const at = here(state);
  const step = at.kind === 'choice' ? undefined : at.step;
  return step ? plannedParts(step.parts, state.options) : [];
}

function commandOf(state: RunState, id: string): Command | undefined {
  return partsHere(state).find((part): part is Command => part.kind === 'command' && part.id === id);
}

/** The file that the current step shows and that was not written yet. */
function fileOf(state: RunState): ConfigurationFile | undefined {
  return partsHere(state).find(
    (part): part is ConfigurationFile => part.kind === 'file' && state.parts[part.id]?.status !== 'succeeded',
  );
}
