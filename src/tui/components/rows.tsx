import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Line } from '../line.ts';
import { useUi } from '../ui.ts';

/** Lines as they are, one row each. */
export function Rows({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Box flexDirection="column">
      {lines.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={index} row={row} />
      ))}
    </Box>
  );
}

const Row = memo(function Row({ row }: { readonly row: Line }) {
  const { theme } = useUi();
  if (row.length === 0) return <Text> </Text>;
  return (
    <Text wrap="truncate-end">
      {row.map((part, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is its place in the row
          key={index}
          color={theme.color(part.tone)}
          bold={part.bold}
          dimColor={part.dim}
          inverse={part.inverse}
          underline={part.underline}
        >
          {theme.text(part.text)}
        </Text>
      ))}
    </Text>
  );
});
