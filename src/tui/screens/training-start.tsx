import { useEffect, useRef, useState } from 'react';
import type { ScenarioChoice, Training } from '../house.ts';
import { trainingHeader } from '../training-rows.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';
import { Message } from './message.tsx';

type Stage =
  | { readonly at: 'reading' }
  | { readonly at: 'choosing'; readonly scenarios: readonly ScenarioChoice[] }
  | { readonly at: 'breaking'; readonly what: string }
  | { readonly at: 'trouble'; readonly text: string };

/** From the list of scenarios to a broken sandbox. */
export function TrainingStart(props: {
  readonly scenario?: string | undefined;
  readonly onBegin: (training: Training) => void;
  readonly onClose: () => void;
}) {
  const { scenario, onBegin, onClose } = props;
  const { house, columns } = useUi();
  const [stage, setStage] = useState<Stage>({ at: 'reading' });
  const begun = useRef(false);
  const header = trainingHeader(undefined, columns);

  const begin = async (id: string): Promise<void> => {
    setStage({ at: 'breaking', what: 'Preparing the sandbox' });
    try {
      onBegin(await house.train(id, (what) => setStage({ at: 'breaking', what })));
    } catch (error) {
      setStage({ at: 'trouble', text: error instanceof Error ? error.message : String(error) });
    }
  };
  const list = async (): Promise<void> => setStage({ at: 'choosing', scenarios: await house.scenarios() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what it was opened with
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void (scenario === undefined ? list() : begin(scenario));
  }, []);

  switch (stage.at) {
    case 'reading':
      return (
        <Message question="trainings" waiting header={header} title="Looking …" text="" onClose={onClose} />
      );
    case 'choosing':
      return (
        <Choose
          question="scenario"
          header={header}
          title="What do you hear?"
          about="Each of these breaks the sandbox for real. Nothing else is touched, and it can be brought back at any time."
          items={stage.scenarios.map(({ id, title, level, best }) => ({
            key: id,
            label: title,
            detail: `${level}${best === undefined ? '' : ` · solved, ${best} points`}`,
            value: id,
          }))}
          onSelect={(id) => void begin(id)}
          onClose={onClose}
        />
      );
    case 'breaking':
      return <Message question="breaking" waiting header={header} title={`${stage.what} …`} text="" />;
    case 'trouble':
      return (
        <Message
          question="training-trouble"
          header={header}
          title="The training could not begin"
          text={stage.text}
          onGoOn={() => void list()}
          onClose={onClose}
        />
      );
  }
}
