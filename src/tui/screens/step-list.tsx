import { planned } from '../../run/plan.ts';
import type { RunState } from '../../run/state.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span } from '../line.ts';
import { markOf } from '../step-rows.ts';
import { useUi } from '../ui.ts';

/** The steps that the run has been in, to go back to one. */
export function StepList(props: {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly onSelect: (step: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { state, header } = props;
  const { rows } = useUi();
  const keys = useKeys('list', { close: props.onClose }, { listed: ['choose'] });
  const reached = planned(state.started.procedure.items, state.options).flatMap((item, index) =>
    item.kind === 'step' && (state.steps[item.id]?.enteredAt ?? state.steps[item.id]?.skipped) !== undefined
      ? [
          {
            key: item.id,
            label: `${item.number ?? index + 1} ${item.title}`,
            detail: markOf(state, item),
            value: item.id,
          },
        ]
      : [],
  );
  const limit = bodyRows(rows, header.length) - 3;
  return (
    <Page
      question="steps"
      header={header}
      keys={keys}
      lines={[
        line(
          span(' Go back to which step? It is opened again.', {
            bold: true,
          }),
        ),
        blank,
      ]}
      below={<Select items={reached} initial={reached.length - 1} limit={limit} onSelect={props.onSelect} />}
      belowRows={Math.min(limit, reached.length)}
    />
  );
}
