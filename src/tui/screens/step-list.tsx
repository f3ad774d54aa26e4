import { takenWays } from '../../run/chosen-way.ts';
import { planned } from '../../run/plan.ts';
import type { RunState } from '../../run/state.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { type Item, Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span } from '../line.ts';
import { markOf } from '../step-rows.ts';
import { useUi } from '../ui.ts';

/** Where the run can go back to. */
export type Place = { readonly step: string } | { readonly choice: string };

/** The steps that the run has been in, to open one again, and the ways that it has taken, to take another one. */
export function StepList(props: {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly onSelect: (place: Place) => void | Promise<void>;
  readonly onClose: () => void;
}) {
  const { state, header } = props;
  const { rows } = useUi();
  const keys = useKeys('list', { close: props.onClose }, { listed: ['choose'] });
  const steps = planned(state.started.procedure.items, state.options).flatMap(
    (item, index): readonly Item<Place>[] =>
      item.kind === 'step' && (state.steps[item.id]?.enteredAt ?? state.steps[item.id]?.skipped) !== undefined
        ? [
            {
              key: item.id,
              label: `${item.number ?? index + 1} ${item.title}`,
              detail: markOf(state, item),
              value: { step: item.id },
            },
          ]
        : [],
  );
  const ways = takenWays(state).map(
    ({ choice, option }): Item<Place> => ({
      key: `choice/${choice.id}`,
      label: `Choose again: ${choice.title}`,
      detail: option,
      value: { choice: choice.id },
    }),
  );
  const limit = Math.max(1, bodyRows(rows, header.length) - 3);
  const items = [...steps, ...ways];
  return (
    <Page
      question="steps"
      header={header}
      keys={keys}
      lines={[line(span(' Go back to which step? It is opened again.', { bold: true })), blank]}
      below={<Select items={items} initial={steps.length - 1} limit={limit} onSelect={props.onSelect} />}
      belowRows={Math.min(limit, items.length)}
    />
  );
}
