import { useState } from 'react';
import type { ProcedureChoice, TrainingCheck, TrainingQuestion } from '../../run/training.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { type Item, Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import type { Training } from '../house.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { proseLines } from '../prose.ts';
import { hintLines, situationLines, trainingHeader } from '../training-rows.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';
import { Message } from './message.tsx';
import { Pick } from './pick.tsx';
import { Reader } from './reader.tsx';
import { AskTraining } from './training-question.tsx';

type Stage =
  | { readonly at: 'desk' }
  | { readonly at: 'waiting'; readonly what: string }
  | { readonly at: 'situation'; readonly shown: readonly string[]; readonly turn: number }
  | { readonly at: 'question'; readonly question: TrainingQuestion }
  | { readonly at: 'right'; readonly text: string }
  | { readonly at: 'procedure' }
  | { readonly at: 'hint'; readonly text: string }
  | { readonly at: 'back' }
  | { readonly at: 'not-over'; readonly checks: readonly TrainingCheck[] }
  | { readonly at: 'leaving' }
  | { readonly at: 'debrief'; readonly markdown: string }
  | { readonly at: 'trouble'; readonly text: string };

type Deed = 'look' | 'question' | 'procedure' | 'hint' | 'back' | 'check' | 'give-up';

export interface TrainingDeskProps {
  readonly training: Training;
  /** A procedure was chosen: it is to be run on the sandbox. */
  readonly onProcedure: (choice: ProcedureChoice) => void;
  /** It is over. */
  readonly onDone: () => void;
}

/** Where a trainee decides: what is heard and seen, questions, the procedure to take, hints, and the end. */
export function TrainingDesk({ training, onProcedure, onDone }: TrainingDeskProps) {
  const { columns } = useUi();
  const [stage, setStage] = useState<Stage>({ at: 'desk' });
  const header = trainingHeader(training, columns);
  const desk = (): void => setStage({ at: 'desk' });

  /** Does something that takes time, and shows what came of it. */
  const work = async (what: string, task: () => Promise<Stage>): Promise<void> => {
    setStage({ at: 'waiting', what });
    try {
      setStage(await task());
    } catch (error) {
      setStage({ at: 'trouble', text: error instanceof Error ? error.message : String(error) });
    }
  };
  const debrief = (outcome: 'solved' | 'given-up') => async (): Promise<Stage> => ({
    at: 'debrief',
    markdown: await training.finish(outcome),
  });
  const look = (): Promise<void> =>
    work('Looking at the application', async () => ({
      at: 'situation',
      shown: await training.look(),
      turn: Date.now(),
    }));
  const check = (): Promise<void> =>
    work('Looking whether it is so', async () => {
      const checks = await training.check();
      return checks.every(({ holds }) => holds) ? debrief('solved')() : { at: 'not-over', checks };
    });
  const next = training.questions()[0];
  const take = (deed: Deed): void | Promise<void> => {
    switch (deed) {
      case 'look':
        return look();
      case 'question':
        return next ? setStage({ at: 'question', question: next }) : undefined;
      case 'procedure':
        return setStage({ at: 'procedure' });
      case 'hint':
        return work('Taking a hint', async () => {
          const text = await training.hint();
          return text === undefined ? { at: 'desk' } : { at: 'hint', text };
        });
      case 'back':
        return setStage({ at: 'back' });
      case 'check':
        return check();
      case 'give-up':
        return setStage({ at: 'leaving' });
    }
  };

  switch (stage.at) {
    case 'desk':
      return (
        <Desk training={training} header={header} onTake={take} onClose={() => setStage({ at: 'leaving' })} />
      );
    case 'waiting':
      return <Message question="training-waits" waiting header={header} title={`${stage.what} …`} text="" />;
    case 'situation':
      return (
        <Reader
          question={`situation/${stage.turn}`}
          header={header}
          title="What is heard, and what is shown"
          lines={situationLines(training, stage.shown, columns)}
          onClose={desk}
        />
      );
    case 'question':
      return (
        <AskTraining
          key={stage.question.id}
          training={training}
          question={stage.question}
          header={header}
          onRight={({ consequence }) => setStage({ at: 'right', text: consequence })}
          onClose={desk}
        />
      );
    case 'right':
      return (
        <Message
          question="right"
          header={header}
          title="Right."
          text={stage.text}
          onGoOn={desk}
          onClose={desk}
        />
      );
    case 'procedure': {
      const { choices, marked } = training.procedures();
      return (
        <Pick
          question="training-procedure"
          header={header}
          title="Which procedure do you take?"
          initial={marked}
          items={choices.map((choice) => ({
            key: `${choice.runbook}#${choice.procedure}`,
            label: choice.title,
            detail: choice.runbook,
            value: choice,
          }))}
          onSelect={async (choice) => {
            await training.choose(choice);
            onProcedure(choice);
          }}
          onClose={desk}
        />
      );
    }
    case 'hint':
      return (
        <Message
          question={`hint/${training.hints().length}`}
          header={header}
          title={`Hint ${training.hints().length} of 3`}
          text={stage.text}
          onGoOn={desk}
          onClose={desk}
        />
      );
    case 'back':
      return (
        <Choose
          question="bring-back"
          header={header}
          title="Bring the sandbox back to how it was broken?"
          about="What you have done to it is undone. The journal keeps it for the debrief."
          items={[
            { key: 'no', label: 'no', detail: 'go on with it as it is', value: false },
            { key: 'yes', label: 'bring it back', detail: 'databases, store and application', value: true },
          ]}
          onSelect={(yes) =>
            yes
              ? work('Bringing the sandbox back', async () => {
                  await training.bringBack();
                  return { at: 'desk' };
                })
              : desk()
          }
          onClose={desk}
        />
      );
    case 'not-over':
      return (
        <Message
          question="not-over"
          header={header}
          title="It is not over yet"
          text={stage.checks.map(({ text, holds }) => `${holds ? '✓' : '✗'} ${text}`).join('\n')}
          onGoOn={desk}
          onClose={desk}
        />
      );
    case 'leaving':
      return (
        <Choose
          question="give-up"
          header={header}
          title="End the training without having solved it?"
          items={[
            { key: 'no', label: 'no', detail: 'go on', value: false },
            { key: 'yes', label: 'give up', detail: 'and read the debrief', value: true },
          ]}
          onSelect={(yes) => (yes ? work('Adding up', debrief('given-up')) : desk())}
          onClose={desk}
        />
      );
    case 'debrief':
      return (
        <Reader
          question="debrief"
          header={header}
          title="Debrief (drillbook train results shows it again)"
          lines={proseLines(stage.markdown, columns - 2).map((row): Line => [span(' '), ...row])}
          onClose={onDone}
        />
      );
    case 'trouble':
      return (
        <Message
          question="desk-trouble"
          header={header}
          title="That did not work"
          text={stage.text}
          onGoOn={desk}
          onClose={desk}
        />
      );
  }
}

function Desk(props: {
  readonly training: Training;
  readonly header: readonly Line[];
  readonly onTake: (deed: Deed) => void | Promise<void>;
  readonly onClose: () => void;
}) {
  const { training, header, onTake, onClose } = props;
  const { columns, rows } = useUi();
  const keys = useKeys('select', { close: onClose }, { listed: ['choose'] });
  const open = training.questions().length;
  const hints = training.hints();
  const deeds: readonly Item<Deed>[] = [
    {
      key: 'look',
      label: 'Look again',
      detail: 'all that is heard, and what the application shows now',
      value: 'look',
    },
    ...(open > 0
      ? [{ key: 'question', label: 'Answer a question', detail: `${open} open`, value: 'question' as const }]
      : []),
    { key: 'procedure', label: 'Take a procedure', detail: 'and run it on the sandbox', value: 'procedure' },
    ...(hints.length < 3
      ? [
          {
            key: 'hint',
            label: 'Take a hint',
            detail: `${3 - hints.length} of 3 left; each costs points`,
            value: 'hint' as const,
          },
        ]
      : []),
    { key: 'back', label: 'Bring the sandbox back', detail: 'to how it was broken', value: 'back' },
    { key: 'check', label: 'It is over', detail: 'have it checked, and read the debrief', value: 'check' },
    { key: 'give-up', label: 'Give up', detail: 'and read the debrief', value: 'give-up' },
  ];
  const room = bodyRows(rows, header.length) - deeds.length - 1;
  const said = training.symptoms.flatMap((text) => wrapText(text, columns - 2));
  const earlier = training.earlier ? wrapText(training.earlier, columns - 2, { tone: 'caution' }) : [];
  const told = [
    ...earlier.map((row): Line => [span(' '), ...row]),
    ...said.map((row): Line => [span(' '), ...row]),
    ...hintLines(hints, columns),
  ];
  // What does not fit is a key away: the first deed shows everything.
  const shown =
    told.length <= room
      ? told
      : [...told.slice(0, Math.max(0, room - 1)), line(span(' … more: look again', { dim: true }))];
  return (
    <Page
      question={`desk/${open}/${hints.length}`}
      header={header}
      keys={keys}
      lines={[...shown, blank]}
      below={<Select items={deeds} limit={deeds.length} onSelect={onTake} />}
      belowRows={deeds.length}
    />
  );
}
