import { type ReactNode, useState } from 'react';
import type { Guarded } from '../../run/decision.ts';
import type { RunState } from '../../run/state.ts';
import type { Line } from '../line.ts';
import { useUi } from '../ui.ts';
import { AskTraining } from './training-question.tsx';

/** In a training, a command that destroys is explained by the trainee before its guard is shown. */
export function TrainingGuard(props: {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly guarded: Guarded;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { header, state, guarded, onClose, children } = props;
  const { training } = useUi();
  const [understood, setUnderstood] = useState(false);
  const question = understood ? undefined : training?.questionBefore(state, guarded);
  if (!training || !question) return children;
  return (
    <AskTraining
      training={training}
      question={question}
      header={header}
      onRight={() => setUnderstood(true)}
      onClose={onClose}
    />
  );
}
