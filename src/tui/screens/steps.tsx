import { planned } from '../../run/plan.ts';
import type { RunState } from '../../run/state.ts';
import type { Line } from '../line.ts';
import type { Overlay } from '../overlay.ts';
import type { Readings } from '../readings.ts';
import { stepWords } from '../step-look.ts';
import { Pick } from './pick.tsx';

/** Every step of the plan, how it stands, its phase and its time; one of them is shown on Enter, nothing is run. */
export function Steps(props: {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly readings: Readings;
  readonly show: (overlay: Overlay) => void;
  readonly onClose: () => void;
}) {
  const { header, state, readings, show, onClose } = props;
  const steps = planned(state.started.procedure.items, state.options).flatMap((item, index) =>
    item.kind === 'step' ? [{ step: item, number: item.number ?? `${index + 1}` }] : [],
  );
  return (
    <Pick
      question="plan"
      header={header}
      title="Every step. Enter shows one, with its commands; nothing runs."
      items={steps.map(({ step, number }) => ({
        key: step.id,
        label: `${number} ${step.title}`,
        detail: stepWords(state, readings, step),
        value: step.id,
      }))}
      initial={Math.max(
        0,
        steps.findIndex(({ step }) => step.id === state.step),
      )}
      onSelect={(step) => show({ kind: 'step', step })}
      onClose={onClose}
    />
  );
}
