import { useState } from 'react';
import type { Line } from '../line.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';

/** The hints that were taken, in the middle of a run, and the way to the next. Enter alone takes none: each costs points. */
export function TrainingHints({
  header,
  onClose,
}: {
  readonly header: readonly Line[];
  readonly onClose: () => void;
}) {
  const { training } = useUi();
  const [taken, setTaken] = useState<readonly string[]>([...(training?.hints() ?? [])]);
  const left = 3 - taken.length;
  return (
    <Choose
      question={`hints/${taken.length}`}
      header={header}
      title={taken.length === 0 ? 'Take a hint?' : taken.map((text, at) => `${at + 1}. ${text}`).join('  ')}
      about={
        left === 0 ? 'These are all.' : `${left} of 3 left; each costs points, and stands in the debrief.`
      }
      items={[
        { key: 'back', label: 'back to the run', value: false },
        ...(left > 0 && training
          ? [{ key: 'take', label: `take hint ${taken.length + 1} of 3`, value: true }]
          : []),
      ]}
      onSelect={async (take) => {
        if (!take || !training) return onClose();
        await training.hint();
        setTaken([...training.hints()]);
      }}
      onClose={onClose}
    />
  );
}
