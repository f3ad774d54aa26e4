import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import { clip, type Line, line, span } from '../line.ts';
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
  readonly onSelect: (value: V) => void | Promise<void>;
}

/** A list to take one from: arrows or j and k, Enter, or the digit of the row. */
export function Select<V>({ items, initial = 0, limit, onSelect }: SelectProps<V>) {
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
        <Entry item={items.find((item) => item.key === props.label)!} marked={props.isSelected === true} />
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

function Entry<V>({ item, marked }: { readonly item: Item<V>; readonly marked: boolean }) {
  const { columns } = useUi();
  const row: Line = line(
    span(item.label, { bold: marked }),
    span(item.detail ? `  ${item.detail}` : '', { dim: true }),
  );
  return <Rows lines={[clip(row, columns - 4)]} />;
}
