import { Box, Text } from 'ink';
import { memo } from 'react';
import { type Line, plain } from '../line.ts';
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
  // To be heard, not to be seen: no empty rows, no rules, no frames.
  if (theme.reader && theme.text(plain(row)).trim() === '') return null;
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
          {part.link !== undefined && theme.links
            ? linked(theme.text(part.text), part.link)
            : theme.text(part.text)}
        </Text>
      ))}
    </Text>
  );
});

/** A link that the terminal opens: OSC 8 (Egmont Koblinger, "Hyperlinks in terminal emulators"). */
function linked(text: string, url: string): string {
  return `\u001B]8;;${url}\u0007${text}\u001B]8;;\u0007`;
}
