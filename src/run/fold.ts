import { chosenWay } from './chosen-way.ts';
import type { CommandFinished, Recorded, RunEvent, Verdict } from './event.ts';
import { withMaintenance } from './maintenance.ts';
import { changed, grown, type OwnLists } from './own-lists.ts';
import { planned, plannedParts } from './plan.ts';
import { applyReread } from './reread.ts';
import type { Attempt, BackgroundState, PartState, PartStatus, RecordedEvent, RunState } from './state.ts';
import { applyRemedy } from './take-remedy.ts';

/**
 * The state that a run's events add up to. Throws an Error where the first event is not `run-started` or where
 * there is none: such a journal tells no run.
 */
export function fold(events: readonly RecordedEvent[]): RunState {
  const [first, ...rest] = events;
  if (first?.type !== 'run-started') throw new Error('the journal does not begin with the start of a run');
  // No state in between is seen by anybody, so what thousands of attempts and notes make may grow in place.
  const own: OwnLists = new WeakSet();
  return rest.reduce((state, event) => advance(state, event, own), begin(first));
}

function begin(started: Recorded<Extract<RunEvent, { type: 'run-started' }>>): RunState {
  return {
    started,
    status: 'running',
    seq: started.seq,
    time: started.time,
    runbookChanged: false,
    options: {},
    inputs: {},
    steps: {},
    parts: {},
    rereads: {},
    background: [],
    notes: [],
    backups: [],
    comparisons: [],
    overrides: [],
    answers: {},
    resumes: 0,
    maintenance: {},
  };
}

/** One event more. Events of a kind that this version does not know change nothing but the position. */
export function apply(before: RunState, event: RecordedEvent): RunState {
  return advance(before, event);
}

function advance(before: RunState, event: RecordedEvent, own?: OwnLists): RunState {
  const state: RunState = withMaintenance({ ...before, seq: event.seq, time: event.time }, event);
  switch (event.type) {
    case 'run-started':
      throw new Error(`line ${event.seq} of the journal starts a run a second time`);
    case 'run-resumed':
      return {
        ...state,
        status: 'running',
        resumes: state.resumes + 1,
        inputs: withWithheld(withoutSecrets(state.inputs), event.withheld ?? []),
      };
    case 'runbook-checked':
      return { ...state, runbookChanged: !event.same && event.accepted === undefined };
    case 'identity-read':
      return {
        ...state,
        identity: state.identity ?? event.identity,
        lastIdentity: { seq: event.seq, identity: event.identity },
      };
    case 'identity-accepted':
      return {
        ...state,
        identity: event.identity,
        lastIdentity: { seq: event.seq, identity: event.identity },
      };
    case 'identity-failed':
      return { ...state, lastIdentity: { seq: event.seq, failure: event.reason } };
    case 'option-chosen':
      return chosenWay(state, event, event.time);
    case 'input-given': {
      const { value, secret, source, points } = event;
      const input = {
        secret,
        source,
        ...(state.inputs[event.name]?.withheld ? { withheld: true } : {}),
        ...(value === undefined ? {} : { value }),
        ...(points ? { points } : {}),
      };
      return { ...state, inputs: { ...state.inputs, [event.name]: input } };
    }
    case 'step-entered':
      return enter(state, event.step, event.time);
    case 'block-reread':
      return applyReread(state, event.block, event.role);
    case 'remedy-taken':
      return applyRemedy(state, event);
    case 'step-skipped':
      return setStep(state, event.step, { skipped: event.reason, leftAt: event.time });
    case 'guard-confirmed':
    case 'guard-refused':
      return state;
    case 'guard-overridden':
      return {
        ...state,
        overrides: [...state.overrides, { time: event.time, command: event.command, reason: event.reason }],
      };
    case 'command-started':
      return start(state, event, own);
    case 'command-spawned':
      return setAttempt(
        state,
        event.command,
        event.attempt,
        { pid: event.pid, ...(event.birth ? { birth: event.birth } : {}) },
        own,
      );
    case 'command-finished': {
      const settled = withBackground(
        setAttempt(setAgain(state, event.changed), event.command, event.attempt, { finished: event }, own),
        event,
      );
      return without(setPart(settled, event.command, { status: statusOfVerdict(event.verdict) }), 'running');
    }
    case 'command-interrupted': {
      const attempt = attemptOf(state, event.command, event.attempt);
      const stopped = withBackground(without(state, 'running'), event);
      const interrupted = setPart(stopped, event.command, { status: 'interrupted' });
      return attempt
        ? { ...interrupted, interrupted: { ...attempt, command: event.command, alive: event.alive } }
        : interrupted;
    }
    case 'command-settled': {
      const settled = setAttempt(
        without(state, 'interrupted'),
        event.command,
        event.attempt,
        { settled: { as: event.as, note: event.note } },
        own,
      );
      return setPart(settled, event.command, { status: event.as, note: event.note });
    }
    case 'command-edited':
      return setPart(state, event.command, { edited: event.text });
    case 'command-done-by-hand':
      return setPart(state, event.command, { status: 'by-hand', note: event.note });
    case 'stop-requested':
      return state;
    case 'background-signalled':
      return setBackground(state, event.pid, { signalled: event.signal });
    case 'background-settled':
      return setBackground(state, event.pid, { settled: event.as });
    case 'manual-done':
      return setPart(state, event.part, { status: 'ticked', note: event.note, unattended: event.unattended });
    case 'check-answered':
      return setPart(state, event.part, {
        status: event.answer,
        note: event.note,
        unattended: event.unattended,
      });
    case 'criterion-judged':
      return setPart(state, event.part, { status: event.verdict, note: event.measured });
    case 'part-skipped':
      return setPart(state, event.part, { status: 'skipped', note: event.reason });
    case 'file-saved':
      return setPart(state, event.part, { status: 'succeeded', note: event.path });
    case 'note-added':
      return {
        ...state,
        notes: grown(
          state.notes,
          {
            time: event.time,
            operator: event.operator,
            text: event.text,
            ...(event.step ? { step: event.step } : {}),
          },
          own,
        ),
      };
    case 'backup-reported':
      return {
        ...state,
        backups: [...state.backups, { ...event.backup, time: event.time, ...atStep(state) }],
      };
    case 'comparison-reported':
      return {
        ...state,
        comparisons: [...state.comparisons, { ...event.comparison, time: event.time, ...atStep(state) }],
      };
    case 'shell-opened':
    case 'shell-closed':
    case 'training':
      return state;
    case 'question-answered':
      return { ...state, answers: { ...state.answers, [event.question]: event.answer } };
    case 'run-stopped':
      return { ...state, status: 'stopped' };
    case 'handed-over':
      return { ...state, status: 'handed-over' };
    case 'run-taken-over':
      return takenOver(state);
    case 'run-finished':
      return { ...state, status: 'finished', outcome: event.outcome, finishedAt: event.time };
    default:
      event satisfies never;
      return state;
  }
}

function withBackground(
  state: RunState,
  { background = [], command, time }: Pick<Recorded<CommandFinished>, 'background' | 'command' | 'time'>,
): RunState {
  if (background.length === 0) return state;
  const added = background.map((process): BackgroundState => ({ ...process, by: command, since: time }));
  return { ...state, background: [...state.background, ...added] };
}

/** A number may come a second time in a long run: what is settled already stays as it is. */
function setBackground(state: RunState, pid: number, change: Partial<BackgroundState>): RunState {
  const background = state.background.map((process) =>
    process.pid === pid && process.settled === undefined ? { ...process, ...change } : process,
  );
  return { ...state, background };
}

/**
 * Nobody here can see what lives on the machine that is gone, and a number of a process there is another process here.
 * That a command has no process in the copy says nothing: the copy may end in between.
 */
function takenOver(state: RunState): RunState {
  const { running, interrupted } = state;
  const {
    pid: _pid,
    birth: _birth,
    ...open
  } = running ?? interrupted ?? ({} as Partial<typeof running & object>);
  const background = state.background.map(
    (process): BackgroundState => (process.settled === undefined ? { ...process, settled: 'left' } : process),
  );
  const stopped: RunState = { ...without(state, 'running'), status: 'stopped', background };
  if (open.command === undefined) return stopped;
  const command = { ...(open as Attempt & { readonly command: string }), alive: false };
  return { ...setPart(stopped, command.command, { status: 'interrupted' }), interrupted: command };
}

/** Secrets are in no journal: who takes the run up again has to give them again. */
function withoutSecrets(inputs: RunState['inputs']): RunState['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, input.secret ? { ...input, lost: true } : input]),
  );
}

function withWithheld(inputs: RunState['inputs'], names: readonly string[]): RunState['inputs'] {
  const gone = { secret: true, source: 'operator', lost: true, withheld: true } as const;
  return { ...inputs, ...Object.fromEntries(names.map((name) => [name, gone])) };
}

/** A command has set it anew. */
function setAgain(state: RunState, names: readonly string[]): RunState {
  if (!names.some((name) => state.inputs[name]?.withheld)) return state;
  const kept = Object.entries(state.inputs).filter(
    ([name, { withheld }]) => !(withheld && names.includes(name)),
  );
  return { ...state, inputs: Object.fromEntries(kept) };
}

function statusOfVerdict(verdict: Verdict): PartStatus {
  return verdict === 'succeeded' ? 'succeeded' : 'failed';
}

function atStep(state: RunState): { step?: string } {
  return state.step === undefined ? {} : { step: state.step };
}

function setStep(state: RunState, id: string, change: Partial<RunState['steps'][string]>): RunState {
  return { ...state, steps: { ...state.steps, [id]: { ...state.steps[id], ...change } } };
}

function setPart(state: RunState, id: string, change: Partial<PartState>): RunState {
  const part: PartState = state.parts[id] ?? { status: 'open', attempts: [] };
  // A note of an earlier status says nothing about the new one.
  const { note: _old, ...kept } = part;
  const at = change.status ? { at: state.time } : {};
  return {
    ...state,
    parts: { ...state.parts, [id]: { ...(change.status ? kept : part), ...defined(change), ...at } },
  };
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

function without<K extends 'running' | 'interrupted'>(state: RunState, key: K): RunState {
  const { [key]: _gone, ...rest } = state;
  return rest as RunState;
}

/** Entering a step that was passed before opens its parts again; what was done stays in their attempts. */
function enter(state: RunState, id: string, time: string): RunState {
  const left =
    state.step !== undefined && state.step !== id ? setStep(state, state.step, { leftAt: time }) : state;
  const again = left.steps[id]?.enteredAt !== undefined;
  const { skipped: _skipped, leftAt: _leftAt, ...kept } = left.steps[id] ?? {};
  const entered: RunState = {
    ...left,
    step: id,
    steps: { ...left.steps, [id]: { ...kept, enteredAt: again ? kept.enteredAt : time } },
  };
  if (!again) return entered;
  const step = planned(state.started.procedure.items, state.options).find((item) => item.id === id);
  if (step?.kind !== 'step') return entered;
  return plannedParts(step.parts, state.options).reduce((sum, part) => {
    if (!('id' in part) || !sum.parts[part.id]) return sum;
    return setPart(sum, part.id, { status: 'open' });
  }, entered);
}

function start(
  state: RunState,
  event: Recorded<Extract<RunEvent, { type: 'command-started' }>>,
  own: OwnLists | undefined,
): RunState {
  const { command, attempt, text, effect, interactive, output, time } = event;
  const made: Attempt = { attempt, text, effect, interactive, output, startedAt: time };
  const part = state.parts[command];
  const next = setPart(state, command, {
    status: 'running',
    attempts: grown(part?.attempts ?? [], made, own),
  });
  return { ...next, running: { ...made, command } };
}

function attemptOf(state: RunState, command: string, attempt: number): Attempt | undefined {
  return state.parts[command]?.attempts.findLast((a) => a.attempt === attempt);
}

function setAttempt(
  state: RunState,
  command: string,
  attempt: number,
  change: Partial<Attempt>,
  own: OwnLists | undefined,
): RunState {
  const part = state.parts[command];
  if (!part) return state;
  // It is the newest one nearly always: a night of retries must not make each fact dearer than the one before.
  const at = part.attempts.findLastIndex((a) => a.attempt === attempt);
  if (at < 0) return state;
  const attempts = changed(part.attempts, at, { ...part.attempts[at]!, ...change }, own);
  const next: RunState = { ...state, parts: { ...state.parts, [command]: { ...part, attempts } } };
  return state.running?.command === command && state.running.attempt === attempt
    ? { ...next, running: { ...state.running, ...change } }
    : next;
}
