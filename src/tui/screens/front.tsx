import type { Finding } from '../../lint/finding.ts';
import { unsettled } from '../../run/background.ts';
import { takenWays } from '../../run/chosen-way.ts';
import type { Intent } from '../../run/intent.ts';
import { planned } from '../../run/plan.ts';
import { rereadable } from '../../run/reread.ts';
import type { Session } from '../../run/session.ts';
import { canTakeRemedy } from '../../run/take-remedy.ts';
import { identityDifference } from '../../run/target.ts';
import type { Symptom } from '../../runbook/runbook.ts';
import { asking } from '../asking.ts';
import { withoutSecrets } from '../command-lines.ts';
import { findingsRows } from '../findings-rows.ts';
import { quoted } from '../guess-lines.ts';
import type { Context } from '../keymap.ts';
import { type Line, span } from '../line.ts';
import type { Overlay, Question } from '../overlay.ts';
import type { PaletteItem } from '../palette.ts';
import type { Readings } from '../readings.ts';
import { likeliest, remedyLines } from '../remedies.ts';
import { roleWords } from '../role-words.ts';
import { commandOf } from '../run-handlers.ts';
import { lastAttempt } from '../run-layout.ts';
import { stepLines } from '../step-look.ts';
import { useUi } from '../ui.ts';
import { valueLines } from '../value-lines.ts';
import { Ask } from './ask.tsx';
import { Background } from './background.tsx';
import { Choose } from './choose.tsx';
import { GuardPrompt } from './guard.tsx';
import { Help } from './help.tsx';
import { Linked } from './linked.tsx';
import { Output } from './output.tsx';
import { Palette } from './palette.tsx';
import { Pick } from './pick.tsx';
import { Reader } from './reader.tsx';
import { RefusedScreen } from './refused.tsx';
import type { SetupStart } from './setup.tsx';
import { StepList } from './step-list.tsx';
import { Steps } from './steps.tsx';
import { QuitPrompt, StopPrompt } from './stop.tsx';
import { Timeline } from './timeline.tsx';
import { TrainingGuard } from './training-guard.tsx';
import { TrainingHints } from './training-hints.tsx';

export interface FrontProps {
  readonly shown: Overlay;
  readonly session: Session;
  readonly readings: Readings;
  readonly header: readonly Line[];
  /** Where the run stands behind it. */
  readonly context: Context;
  readonly findings: readonly Finding[];
  readonly symptoms: readonly Symptom[];
  /** What the palette has. */
  readonly found: () => readonly PaletteItem[];
  readonly send: (intent: Intent, asked?: Question) => Promise<void>;
  readonly show: (overlay: Overlay | undefined) => void;
  readonly leave: (where: 'home' | 'quit' | SetupStart) => Promise<void>;
}

/**
 * What stands in front of a run: a guard, a refusal, a question, something to read. Long for one file: it is a case for
 * each of them, and a screen of its own wherever one has a state.
 */
export function Front(props: FrontProps) {
  const { shown, session, readings, header, context, findings, symptoms, found, send, show, leave } = props;
  const state = session.state();
  const { columns } = useUi();
  const close = (): void => show(undefined);
  switch (shown.kind) {
    case 'guard': {
      const command = commandOf(state, shown.guarded.command);
      return (
        <TrainingGuard
          key={shown.guarded.command}
          header={header}
          state={state}
          guarded={shown.guarded}
          onClose={close}
        >
          <GuardPrompt
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
        </TrainingGuard>
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
              ? () => show({ kind: 'ask', ask: asking.override(intent, refused.reason) })
              : undefined
          }
          onAcceptIdentity={
            otherServer ? () => show({ kind: 'ask', ask: asking.acceptIdentity() }) : undefined
          }
          onClose={close}
        />
      );
    }
    case 'hints':
      return <TrainingHints header={header} onClose={close} />;
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
            show({
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
          key={`${shown.command}/${shown.attempt}`}
          session={session}
          title={titleOfOutput(session, shown)}
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
          onSelect={(place) =>
            'step' in place
              ? send({ type: 'back', step: place.step })
              : show({ kind: 'choose-again', choice: place.choice })
          }
          onClose={close}
        />
      );
    case 'choose-again': {
      const way = takenWays(state).find(({ choice }) => choice.id === shown.choice);
      const { title = '', options = [] } = way?.choice ?? {};
      return (
        <Choose
          question={`choose-again/${shown.choice}`}
          header={header}
          title={title}
          about={`Taken: ${way?.option ?? 'none'}. What was done on its way stays in the journal and in the entry.`}
          items={options.map((option) => ({
            key: option.id,
            label: option.title,
            detail: option.title === way?.option ? 'taken' : '',
            value: option.id,
          }))}
          onSelect={(option) => send({ type: 'choose', choice: shown.choice, option })}
          onClose={close}
        />
      );
    }
    case 'background': {
      const { onward } = shown;
      const goOn = onward && (() => send(onward));
      return (
        <Background
          header={header}
          state={state}
          before={onward ? 'step' : undefined}
          onDecide={async (intent) => {
            const decision = await session.dispatch(intent);
            if (decision.kind === 'refused') throw new Error(`${decision.reason}: ${decision.next}`);
          }}
          onLater={goOn}
          onClose={() => {
            // Nothing is left to wait for: the key goes on with what it had begun.
            if (goOn && unsettled(session.state()).length === 0) void goOn();
            else close();
          }}
        />
      );
    }
    case 'guesses':
      return (
        <Pick
          question="guesses"
          header={header}
          title="Which block is to be read the other way?"
          items={rereadable(state).map((guess) => ({
            key: guess.block,
            label: `line ${guess.range.line}${quoted(state, guess)}`,
            detail: `${roleWords[guess.role]} → ${roleWords[guess.other.role]}`,
            value: guess,
          }))}
          onSelect={(guess) => send({ type: 'reread', block: guess.block, role: guess.other.role })}
          onClose={close}
        />
      );
    case 'links':
      return (
        <Pick
          question="links"
          header={header}
          title="Open which linked runbook? It is only shown."
          items={shown.links.map((link) => ({
            key: link.url,
            label: link.text || link.url,
            detail: link.problem ?? (link.outside ? `${link.url}, outside this folder` : link.url),
            value: link,
          }))}
          onSelect={(link) => show({ kind: 'linked', link })}
          onClose={close}
        />
      );
    case 'linked':
      return (
        <Linked
          header={header}
          link={shown.link}
          onBegin={state.running || state.status !== 'running' ? undefined : leave}
          onClose={close}
        />
      );
    case 'timeline':
      return <Timeline session={session} header={header} onClose={close} />;
    case 'palette':
      return <Palette header={header} items={found()} onClose={close} />;
    case 'steps':
      return <Steps header={header} state={state} readings={readings} show={show} onClose={close} />;
    case 'step': {
      const step = planned(state.started.procedure.items, state.options).find(({ id }) => id === shown.step);
      if (step?.kind !== 'step') return null;
      const entered = state.steps[step.id]?.enteredAt ?? state.steps[step.id]?.skipped;
      const again = entered !== undefined && !state.running && state.step !== step.id;
      return (
        <Reader
          question={`step/${step.id}`}
          header={header}
          title={`${step.number ? `${step.number} ` : ''}${step.title} (only to read)`}
          lines={indented(stepLines(state, readings, step, columns - 2))}
          more={{ reopen: again ? () => send({ type: 'back', step: step.id }) : undefined }}
          onClose={() => show({ kind: 'steps' })}
        />
      );
    }
    case 'findings':
      return (
        <Reader
          question="findings"
          header={header}
          title={`What lint says about this runbook: ${findings.length}`}
          lines={indented(findingsRows(findings, columns - 2))}
          onClose={close}
        />
      );
    case 'remedies': {
      const last = lastAttempt(state);
      const fitting = likeliest(symptoms, last?.finished?.output.tail ?? '');
      return (
        <Pick
          question="remedies"
          header={header}
          title="What do you see? The likeliest stands first; Enter shows what helps."
          items={fitting.map((symptom, index) => ({
            key: `${index}`,
            label: symptom.title,
            detail: `line ${symptom.range.line}`,
            value: symptom,
          }))}
          onSelect={(symptom) => show({ kind: 'remedy', symptom })}
          onClose={close}
        />
      );
    }
    case 'remedy':
      return (
        <Reader
          question={`remedy/${shown.symptom.title}`}
          header={header}
          title={shown.symptom.title}
          lines={indented(remedyLines(shown.symptom, columns - 2))}
          more={{
            'take-remedy': canTakeRemedy(state, shown.symptom)
              ? () => send({ type: 'take-remedy', symptom: shown.symptom })
              : undefined,
          }}
          onClose={close}
        />
      );
    case 'values':
      return (
        <Reader
          question="values"
          header={header}
          title="Values of this run"
          lines={indented(valueLines(state, columns - 2))}
          onClose={close}
        />
      );
    case 'help':
      return <Help question="help" header={header} context={context} onClose={close} />;
    case 'stop':
      return (
        <StopPrompt
          header={header}
          running={state.running !== undefined}
          background={unsettled(state).length}
          onStop={() => leave('home')}
          onFinish={(outcome) => show({ kind: 'ask', ask: asking.finish(outcome) })}
          onClose={close}
        />
      );
    case 'quit':
      return <QuitPrompt header={header} onLeave={() => leave('quit')} onClose={close} />;
  }
}

function indented(rows: readonly Line[]): readonly Line[] {
  return rows.map((row): Line => [span(' '), ...row]);
}

/** A command by its caption or its first line, and which try it is. */
function titleOfOutput(
  session: Session,
  { command, attempt }: { readonly command: string; readonly attempt: number },
): string {
  const tried = session.state().parts[command]?.attempts.find((candidate) => candidate.attempt === attempt);
  const name =
    commandOf(session.state(), command)?.caption ?? withoutSecrets(tried?.text ?? command).split('\n')[0];
  return `Output, try ${attempt}: ${name}`;
}
