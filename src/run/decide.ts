import type { Command, Part } from '../runbook/part.ts';
import type { Step } from '../runbook/step.ts';
import { accepted, refused } from './answer.ts';
import { unsettled } from './background.ts';
import { decideCommand } from './decide-command.ts';
import { decideShell } from './decide-shell.ts';
import { decideBack, decideChoice, decideFinish, decideNext } from './decide-way.ts';
import type { Decision } from './decision.ts';
import type { Intent } from './intent.ts';
import { planned, plannedParts } from './plan.ts';
import { decideReread } from './reread.ts';
import type { BackgroundState, RunState } from './state.ts';
import { decideRemedy } from './take-remedy.ts';

/** What the caller has done for this very intent. */
export interface Asked {
  /** The server has been asked who it is since the intent came. */
  readonly serverAsked: boolean;
}

/** What an intent leads to. Pure: the caller journals the events and carries out the action. */
export function decide(state: RunState, intent: Intent, asked: Asked = { serverAsked: false }): Decision {
  if (intent.type === 'answer')
    return accepted([{ type: 'question-answered', question: intent.question, answer: intent.answer }]);
  if (intent.type === 'note') return decideNote(state, intent.text);
  if (state.status !== 'running')
    return refused(
      `this run is ${state.status}`,
      state.status === 'finished' ? 'start a new run' : 'resume it first',
    );
  switch (intent.type) {
    case 'choose':
      return busy(state) ?? decideChoice(state, intent.choice, intent.option);
    case 'give': {
      const { name, value, secret, source, points } = intent;
      return accepted([
        {
          type: 'input-given',
          name,
          secret,
          source,
          ...(secret ? {} : { value }),
          ...(points ? { points } : {}),
        },
      ]);
    }
    case 'run':
      return (
        busy(state) ??
        withCommand(state, intent.command, (step, command) =>
          decideCommand(state, step, command, intent, asked),
        )
      );
    case 'edit':
      return (
        busy(state) ??
        withCommand(state, intent.command, (_step, command) =>
          intent.text.trim() === ''
            ? refused('an empty command does nothing', 'skip it with a reason instead')
            : accepted([{ type: 'command-edited', command: command.id, text: intent.text }]),
        )
      );
    case 'reread':
      return busy(state) ?? decideReread(state, intent.block, intent.role);
    case 'take-remedy':
      return busy(state) ?? decideRemedy(state, intent.symptom);
    case 'by-hand':
      return (
        busy(state) ??
        withReason(intent.note, 'say what was done by hand', () =>
          withCommand(state, intent.command, (_step, command) =>
            accepted([{ type: 'command-done-by-hand', command: command.id, note: intent.note }]),
          ),
        )
      );
    case 'skip-part':
      return (
        busy(state) ??
        withReason(intent.reason, 'say why it is skipped', () =>
          withPart(state, intent.part, (part) =>
            accepted([{ type: 'part-skipped', part: part.id, reason: intent.reason }]),
          ),
        )
      );
    case 'skip-step': {
      const step = state.step;
      if (step === undefined) return refused('no step has begun', 'begin the run first');
      return (
        busy(state) ??
        withReason(intent.reason, 'say why it is skipped', () =>
          accepted([{ type: 'step-skipped', step, reason: intent.reason }]),
        )
      );
    }
    case 'manual':
      return withPart(state, intent.part, (part) =>
        part.kind === 'manual'
          ? accepted([{ type: 'manual-done', part: part.id, ...optional(intent.note, intent.unattended) }])
          : refused('that is not something done by hand', 'choose a manual action'),
      );
    case 'check':
      return withPart(state, intent.part, (part) =>
        part.kind === 'check'
          ? accepted([
              {
                type: 'check-answered',
                part: part.id,
                answer: intent.answer,
                ...optional(intent.note, intent.unattended),
              },
            ])
          : refused('that is not an item of a checklist', 'choose a checklist item'),
      );
    case 'judge':
      return withPart(state, intent.part, (part) =>
        part.kind === 'criterion'
          ? accepted([
              {
                type: 'criterion-judged',
                part: part.id,
                verdict: intent.verdict,
                by: intent.measured === undefined ? 'asked' : 'measured',
                ...(intent.measured === undefined ? {} : { measured: intent.measured }),
              },
            ])
          : refused('that is not a criterion', 'choose a criterion'),
      );
    case 'save-file':
      return withPart(state, intent.part, (part) =>
        part.kind === 'file'
          ? accepted([], { kind: 'save-file', part: part.id, path: intent.path, content: part.content })
          : refused('that is not a file', 'choose a configuration file of the runbook'),
      );
    case 'settle':
      return decideSettle(state, intent.as, intent.note);
    case 'accept-runbook':
      return withReason(intent.reason, 'say why the changed runbook is right', () =>
        accepted([{ type: 'runbook-checked', same: false, accepted: intent.reason }]),
      );
    case 'accept-identity': {
      const identity = state.lastIdentity?.identity;
      if (!identity)
        return refused('the server has not said who it is', 'run a guarded command first; it asks');
      return withReason(intent.reason, 'say why this server is the right one', () =>
        accepted([{ type: 'identity-accepted', identity, reason: intent.reason }]),
      );
    }
    case 'next':
      return busy(state) ?? decideNext(state);
    case 'back':
      return busy(state) ?? decideBack(state, intent.step);
    case 'interrupt':
      return decideInterrupt(state);
    case 'stop-background':
      return withBackground(state, intent.pid, (process) => {
        // A shell makes what it starts in the background deaf to SIGINT.
        const signal = process.signalled === undefined ? 'SIGTERM' : 'SIGKILL';
        return accepted([{ type: 'background-signalled', pid: process.pid, signal }], {
          kind: 'stop-background',
          process,
          signal,
        });
      });
    case 'leave-background':
      return withBackground(state, intent.pid, ({ pid }) =>
        accepted([
          { type: 'background-settled', pid, as: 'left', ...(intent.note ? { note: intent.note } : {}) },
        ]),
      );
    case 'open-shell':
      return busy(state) ?? decideShell(state, intent, asked);
    case 'stop':
      return running(state) ?? accepted([{ type: 'run-stopped', reason: intent.reason }]);
    case 'hand-over':
      return (
        running(state) ??
        withReason(intent.to, 'say who takes over', () =>
          accepted([{ type: 'handed-over', to: intent.to, ...(intent.note ? { note: intent.note } : {}) }]),
        )
      );
    case 'finish':
      return running(state) ?? unsettledBackground(state) ?? decideFinish(state, intent);
  }
}

function optional(
  note: string | undefined,
  unattended: boolean | undefined,
): { note?: string; unattended?: boolean } {
  return { ...(note ? { note } : {}), ...(unattended ? { unattended } : {}) };
}

function running(state: RunState): Decision | undefined {
  return state.running ? refused('a command is running', 'wait for it, or stop it first') : undefined;
}

/** Nothing new begins while a command runs or while nobody knows how one ended. */
function busy(state: RunState): Decision | undefined {
  if (state.interrupted)
    return refused(
      'a command was interrupted and its outcome is unknown',
      'find out whether it took effect, then say so: it succeeded, or it failed',
      { needsPerson: true },
    );
  return running(state);
}

/** Nothing is left running unknowingly. */
function unsettledBackground(state: RunState): Decision | undefined {
  const left = unsettled(state);
  if (left.length === 0) return undefined;
  const which = left.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ');
  return refused(
    `still running in the background: ${which}`,
    'wait for it, stop it, or say that it may go on',
    { needsPerson: true },
  );
}

function withBackground(
  state: RunState,
  pid: number,
  then: (process: BackgroundState) => Decision,
): Decision {
  const process = state.background.find(
    (candidate) => candidate.pid === pid && candidate.settled === undefined,
  );
  return process
    ? then(process)
    : refused(`no process ${pid} of this run is running in the background`, 'look at the list again');
}

function withReason(reason: string, next: string, then: () => Decision): Decision {
  return reason.trim() === '' ? refused('a reason is needed', next, { again: true }) : then();
}

function decideNote(state: RunState, text: string): Decision {
  return withReason(text, 'write the note', () =>
    accepted([{ type: 'note-added', text, ...(state.step ? { step: state.step } : {}) }]),
  );
}

function currentStep(state: RunState): Step | undefined {
  const item = planned(state.started.procedure.items, state.options).find(
    (candidate) => candidate.id === state.step,
  );
  return item?.kind === 'step' ? item : undefined;
}

function withPart(
  state: RunState,
  id: string,
  then: (part: Extract<Part, { id: string }>, step: Step) => Decision,
): Decision {
  const step = currentStep(state);
  if (!step) return refused('no step has begun', 'begin the run first');
  const part = plannedParts(step.parts, state.options).find(
    (candidate) => 'id' in candidate && candidate.id === id,
  );
  if (!part || !('id' in part))
    return refused(`this step has no part ${id}`, 'go to the step that it stands in');
  return then(part, step);
}

function withCommand(
  state: RunState,
  id: string,
  then: (step: Step, command: Command) => Decision,
): Decision {
  return withPart(state, id, (part, step) =>
    part.kind === 'command'
      ? then(step, part)
      : refused(`${id} is not a command`, 'choose a command of this step'),
  );
}

/** A command that outlived the Drillbook that started it can be stopped too. */
function decideInterrupt(state: RunState): Decision {
  const running = state.running ?? (state.interrupted?.alive ? state.interrupted : undefined);
  return running
    ? accepted([], { kind: 'interrupt', command: running.command })
    : refused('nothing is running', 'run a command first');
}

function decideSettle(state: RunState, as: 'succeeded' | 'failed', note: string): Decision {
  const { interrupted } = state;
  if (!interrupted) return refused('no command was interrupted', 'nothing is to be settled');
  return withReason(note, 'say how you found out', () =>
    accepted([
      { type: 'command-settled', command: interrupted.command, attempt: interrupted.attempt, as, note },
    ]),
  );
}
