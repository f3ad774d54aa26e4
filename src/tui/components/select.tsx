import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import { blank, clip, type Line, line, span, wrap } from '../line.ts';
import { useUi } from '../ui.ts';
import { Rows } from './rows.tsx';

export interface Item<V> {
  readonly key: string;
  readonly label: string;
  /** Beside the label, quieter. */
  readonly detail?: string;
  readonly value: V;
}

export interface SelectProps<V> {
  readonly items: readonly Item<V>[];
  readonly initial?: number;
  readonly limit: number;
  /** What is too long for a row goes on in the next one, instead of being cut off. */
  readonly whole?: boolean;
  readonly onSelect: (value: V) => void | Promise<void>;
}

/** A list to take one from: arrows or j and k, Enter, or the digit of the row. */
export function Select<V>({ items, initial = 0, limit, whole = false, onSelect }: SelectProps<V>) {
  const { gate, fail, tooSmall } = useUi();
  const shown = items.map((item) => ({ key: item.key, label: item.key, value: item }));
  return (
    <SelectInput
      items={shown}
      initialIndex={Math.max(0, initial)}
      limit={Math.max(1, limit)}
      isFocused={!tooSmall}
      indicatorComponent={Indicator}
      itemComponent={(props: { readonly isSelected?: boolean; readonly label: string }) => (
        <Entry
          item={items.find((item) => item.key === props.label)!}
          marked={props.isSelected === true}
          whole={whole}
        />
      )}
      onSelect={({ value }) => void gate.act(() => onSelect(value.value), fail, { action: 'choose' })}
    />
  );
}

function Indicator({ isSelected = false }: { readonly isSelected?: boolean }) {
  const { theme } = useUi();
  return (
    <Box width={3} flexShrink={0}>
      <Text color={theme.color('accent')}>{isSelected ? theme.text(' ▸') : ' '}</Text>
    </Box>
  );
}

/** What stands above a list: that it goes on, where not all of it can be seen. */
export function aboveList(count: number, limit: number): Line {
  return count > limit ? line(span(` ${count} in all; the list goes on`, { dim: true })) : blank;
}

/** The rows of an item where nothing of it is cut off. */
export function wholeRows(
  { label, detail }: Pick<Item<unknown>, 'label' | 'detail'>,
  width: number,
  bold = false,
) {
  return wrap([span(label, { bold }), span(detail ? `  ${detail}` : '', { dim: true })], width);
}

function Entry<V>({
  item,
  marked,
  whole,
}: {
  readonly item: Item<V>;
  readonly marked: boolean;
  readonly whole: boolean;
}) {
  const { columns } = useUi();
  if (whole) return <Rows lines={wholeRows(item, columns - 4, marked)} />;
  const row: Line = line(
    span(item.label, { bold: marked }),
    span(item.detail ? `  ${item.detail}` : '', { dim: true }),
  );
  return <Rows lines={[clip(row, columns - 4)]} />;
}
