import { useEffect, useRef, useState } from 'react';
import type { Mode } from '../../run/mode.ts';
import type { Session } from '../../run/session.ts';
import type { InputQuestion, RunRequest } from '../house.ts';
import { type Chosen, modeItems, procedureDetail, setupHeader, targetItem } from '../setup-rows.ts';
import { stepsOf } from '../steps-of.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';
import { Inputs } from './inputs.tsx';
import { Message } from './message.tsx';

/** What is known before the first question, from the command line. */
export interface SetupStart {
  readonly path: string;
  readonly procedure?: string;
  readonly mode?: Mode;
  readonly target?: string;
}

type Stage =
  | { readonly at: 'opening' }
  | { readonly at: 'procedure' }
  | { readonly at: 'mode' }
  | { readonly at: 'target' }
  | { readonly at: 'preparing'; readonly what: string }
  | { readonly at: 'no-answer'; readonly failure: string }
  | { readonly at: 'inputs'; readonly questions: readonly InputQuestion[] }
  | { readonly at: 'beginning' }
  | { readonly at: 'trouble'; readonly text: string; readonly again: Stage };

/** From a runbook to a run: procedure, mode, target, values; each with the safe answer marked. */
export function Setup(props: {
  readonly start: SetupStart;
  readonly onBegin: (session: Session) => void;
  readonly onClose: () => void;
}) {
  const { start, onBegin, onClose } = props;
  const { house, columns } = useUi();
  const [stage, setStage] = useState<Stage>({ at: 'opening' });
  const [chosen, setChosen] = useState<Chosen>({});
  // What is waited for now. Something that was left behind with Esc may end later; its end counts no more.
  const waiting = useRef(0);
  useEffect(
    () => () => {
      waiting.current++;
    },
    [],
  );
  const go = (next: Stage): void => {
    waiting.current++;
    setStage(next);
  };

  /** Does something that takes time; `still` says whether it is waited for. */
  const work = async (again: Stage, task: (still: () => boolean) => Promise<Stage>): Promise<void> => {
    const mine = ++waiting.current;
    const still = (): boolean => waiting.current === mine;
    try {
      const next = await task(still);
      if (still()) setStage(next);
    } catch (error) {
      if (still())
        setStage({ at: 'trouble', text: error instanceof Error ? error.message : String(error), again });
    }
  };

  const open = (): Promise<void> =>
    work({ at: 'opening' }, async () => {
      const runbook = await house.open(start.path);
      const asked = runbook.procedures.find(({ id }) => id === start.procedure);
      const procedure = asked ?? (runbook.procedures.length === 1 ? runbook.procedures[0] : undefined);
      setChosen({
        runbook,
        ...(procedure ? { procedure } : {}),
        ...(start.mode ? { mode: start.mode } : {}),
      });
      if (runbook.procedures.length === 0)
        throw new Error('This document has no steps to run: no command, no list of things to do.');
      if (!procedure) return { at: 'procedure' };
      return afterProcedure(start.mode);
    });

  const afterProcedure = (mode: Mode | undefined): Stage => (mode ? { at: 'target' } : { at: 'mode' });

  const request = (target: string | null | undefined, from: Chosen): RunRequest => ({
    path: start.path,
    procedure: from.procedure!.id,
    mode: from.mode!,
    ...(target ? { target } : {}),
  });

  const prepare = (target: string | null): Promise<void> => {
    const { ready: _before, ...kept } = chosen;
    const next: Chosen = { ...kept, target };
    setChosen(next);
    if (target === null) return askInputs(next);
    setStage({ at: 'preparing', what: `Asking ${target} who it is` });
    return work({ at: 'target' }, async (still) => {
      const ready = await house.prepare(
        target,
        (what) => {
          if (still()) setStage((now) => (now.at === 'preparing' ? { at: 'preparing', what } : now));
        },
        next.mode,
      );
      const { identity } = ready;
      const known: Chosen = { ...next, ready: { target: ready.target, ...(identity ? { identity } : {}) } };
      if (still()) setChosen(known);
      if (ready.failure !== undefined) return { at: 'no-answer', failure: ready.failure };
      return inputsStage(known);
    });
  };

  const inputsStage = async (from: Chosen): Promise<Stage> => {
    const questions = await house.questions(request(from.target, from));
    return { at: 'inputs', questions };
  };

  const askInputs = (from: Chosen): Promise<void> => {
    setStage({ at: 'preparing', what: 'Looking for the values that the run needs' });
    return work({ at: 'target' }, () => inputsStage(from));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once for each runbook
  useEffect(() => {
    void open();
  }, [start.path]);

  // A target given on the command line is not asked for again.
  const given = useRef(start.target);
  // biome-ignore lint/correctness/useExhaustiveDependencies: acts when the stage is reached
  useEffect(() => {
    if (stage.at !== 'target' || given.current === undefined) return;
    const target = given.current;
    given.current = undefined;
    void prepare(target);
  }, [stage.at]);

  const header = setupHeader(chosen, start.path, columns);
  switch (stage.at) {
    case 'opening':
      return (
        <Message
          question="opening"
          waiting
          header={header}
          title={`Reading ${start.path} …`}
          text=""
          onClose={onClose}
        />
      );
    case 'procedure': {
      const procedures = chosen.runbook?.procedures ?? [];
      return (
        <Choose
          question="procedure"
          header={header}
          title="What do you want to do?"
          items={procedures.map((procedure) => ({
            key: procedure.id,
            label: procedure.title,
            detail: procedureDetail(procedure),
            value: procedure,
          }))}
          initial={procedures.findIndex((procedure) =>
            stepsOf(procedure.items).some((step) => step.phase === 'restore'),
          )}
          onSelect={(procedure) => {
            setChosen({ ...chosen, procedure });
            setStage(afterProcedure(chosen.mode));
          }}
          onClose={onClose}
        />
      );
    }
    case 'mode':
      return (
        <Choose
          question="mode"
          header={header}
          title="What is it for?"
          items={modeItems}
          onSelect={(mode) => {
            setChosen({ ...chosen, mode });
            setStage({ at: 'target' });
          }}
          onClose={() =>
            chosen.runbook && chosen.runbook.procedures.length > 1 ? setStage({ at: 'procedure' }) : onClose()
          }
        />
      );
    case 'target':
      return (
        <Choose
          question="target"
          header={header}
          title="Against which target?"
          items={[
            ...house.targets().map((target) => targetItem(target)),
            { key: 'none', label: 'no target', detail: 'guarded as production', value: null },
          ]}
          onSelect={(target) => void prepare(target)}
          onClose={() => setStage({ at: 'mode' })}
        />
      );
    case 'preparing':
      return (
        <Message
          question="preparing"
          waiting
          header={header}
          title={`${stage.what} …`}
          text=""
          onClose={() => go({ at: 'target' })}
        />
      );
    case 'no-answer':
      return (
        <Message
          question="no-answer"
          header={header}
          title="The server does not answer"
          text={`${stage.failure}\n\nr asks again. c goes on without: commands that change something will ask it again before they run.`}
          onReload={() => void prepare(chosen.target ?? null)}
          onContinue={() => void askInputs(chosen)}
          onClose={() => go({ at: 'target' })}
        />
      );
    case 'inputs':
      return (
        <Inputs
          header={header}
          questions={stage.questions}
          onDone={(inputs) => {
            setStage({ at: 'beginning' });
            void work(stage, async (still) => {
              const session = await house.begin({ ...request(chosen.target, chosen), inputs });
              if (still()) onBegin(session);
              else await session.close();
              return { at: 'beginning' };
            });
          }}
          onClose={() => go({ at: 'target' })}
        />
      );
    case 'beginning':
      return <Message question="beginning" waiting header={header} title="Beginning the run …" text="" />;
    case 'trouble':
      return (
        <Message
          question="trouble"
          header={header}
          title="That did not work"
          text={stage.text}
          onReload={() => {
            if (stage.again.at === 'opening') void open();
            setStage(stage.again);
          }}
          onClose={onClose}
        />
      );
  }
}
