import { useRef, useState } from 'react';
import { unsettled } from '../../run/background.ts';
import type { Outcome } from '../../run/event.ts';
import { planned, plannedParts } from '../../run/plan.ts';
import type { Session } from '../../run/session.ts';
import { shortcomings } from '../../run/shortcomings.ts';
import type { RunState } from '../../run/state.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, clip, type Line, line, span } from '../line.ts';
import { useUi } from '../ui.ts';
import { Ask } from './ask.tsx';
import { Background } from './background.tsx';
import { Written } from './written.tsx';

export interface EndingProps {
  readonly session: Session;
  readonly header: readonly Line[];
  readonly onBack: () => void;
  readonly onDone: (where: 'home' | 'quit') => Promise<void>;
}

/** The end of a run: its outcome, the few questions that only a person can answer, and the entry. */
export function Ending(props: EndingProps) {
  const { session, header } = props;
  const { house } = useUi();
  const state = session.state();
  const [at, setAt] = useState(0);
  const questions = state.status === 'finished' ? house.closingQuestions(session) : [];
  // The first list stays: answers may change what is suggested, never what is asked.
  const asked = useRef<typeof questions>([]);
  if (asked.current.length === 0) asked.current = questions;
  if (state.status !== 'finished' && unsettled(state).length > 0)
    return (
      <Background
        header={header}
        state={state}
        before="end"
        onDecide={async (intent) => {
          await session.dispatch(intent);
        }}
        onClose={props.onBack}
      />
    );
  if (state.status !== 'finished') return <OutcomeChoice {...props} state={state} />;
  const question = asked.current[at];
  if (question)
    return (
      <Ask
        key={question.id}
        question={`closing/${question.id}`}
        header={header}
        title={`${question.text}  (${at + 1} of ${asked.current.length})`}
        about={[
          line(span(' For the entry. Enter takes what stands here, also where it is empty.', { dim: true })),
        ]}
        initial={state.answers[question.id] ?? question.suggestion}
        onSubmit={async (answer) => {
          if (answer.trim() !== '') await session.dispatch({ type: 'answer', question: question.id, answer });
          setAt(at + 1);
        }}
        onClose={() => setAt(at + 1)}
      />
    );
  return <Written {...props} />;
}

function OutcomeChoice({ session, state, header, onBack }: EndingProps & { readonly state: RunState }) {
  const { rows, columns } = useUi();
  const keys = useKeys('select', { close: onBack }, { listed: ['choose'] });
  const against = wordsFor(state, shortcomings(state));
  const proposal: Outcome = against.length === 0 ? 'passed' : 'failed';
  const outcomes: readonly Outcome[] = ['passed', 'failed', 'abandoned'];
  const said: Readonly<Record<Outcome, string>> = {
    passed: 'everything was done and nothing speaks against it',
    failed: 'it did not reach its end, or something was not as it must be',
    abandoned: 'it was given up on purpose',
  };
  const room = Math.max(1, bodyRows(rows, header.length) - 8);
  return (
    <Page
      question={`outcome/${state.seq}`}
      header={header}
      keys={keys}
      lines={[
        line(span(` The run is over. Proposed: ${proposal}.`, { bold: true })),
        blank,
        ...against.slice(0, room).map((text) => clip(line(span(' ✗ ', { tone: 'danger' }), text), columns)),
        ...(against.length > room ? [line(` … and ${against.length - room} more`)] : []),
        ...(against.length > 0 ? [blank] : []),
      ]}
      below={
        <Select
          items={outcomes.map((outcome) => ({
            key: outcome,
            label: outcome,
            detail: said[outcome],
            value: outcome,
          }))}
          initial={outcomes.indexOf(proposal)}
          limit={3}
          onSelect={async (outcome) => {
            const reason = outcome === 'passed' || against.length === 0 ? {} : { reason: against.join('; ') };
            const decision = await session.dispatch({ type: 'finish', outcome, ...reason });
            if (decision.kind === 'refused') throw new Error(`${decision.reason}: ${decision.next}`);
          }}
        />
      }
      belowRows={3}
    />
  );
}

/** What speaks against "passed", in the runbook's words. */
function wordsFor(state: RunState, ids: readonly string[]): readonly string[] {
  const parts = planned(state.started.procedure.items, state.options).flatMap((item) =>
    item.kind === 'step' ? plannedParts(item.parts, state.options).map((part) => ({ part, step: item })) : [],
  );
  return ids.map((id) => {
    const found = parts.find(({ part }) => 'id' in part && part.id === id);
    const skippedStep = planned(state.started.procedure.items, state.options).find((item) => item.id === id);
    if (!found) return skippedStep ? `skipped: the step ${skippedStep.title}` : id;
    const status = state.parts[id]?.status ?? 'open';
    const { part, step } = found;
    const text = part.kind === 'command' ? (part.caption ?? part.text) : 'text' in part ? part.text : id;
    return `${status}: ${text.split('\n')[0]} (${step.title})`;
  });
}
