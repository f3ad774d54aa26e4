import { Box } from 'ink';
import { type ReactNode, useInsertionEffect } from 'react';
import { footer, footerRows } from '../footer.ts';
import type { Binding } from '../keymap.ts';
import { clip, columnsOf, type Line, line, plain, span } from '../line.ts';
import { useUi } from '../ui.ts';
import { Rows } from './rows.tsx';

export interface PageProps {
  /** Names what a key would act on; a key pressed before it was painted does nothing. */
  readonly question: string;
  /** The marked row, where Enter acts on it: Enter pressed before its mark was painted waits, or does nothing. */
  readonly mark?: string;
  /** The question as it would be put at this moment, where the run may have moved on since the last frame. */
  readonly now?: () => string;
  readonly header: readonly Line[];
  readonly lines: readonly Line[];
  /** Rows below the lines that are not lines (a list), and how many. */
  readonly below?: ReactNode;
  readonly belowRows?: number;
  readonly keys: readonly Binding[];
}

/** Rows that a page leaves for its body. */
export function bodyRows(rows: number, header: number): number {
  // Below it: a message, a rule and the keys; above it: the header and its rule; and the last row stays free.
  return Math.max(1, rows - 1 - header - 3 - footerRows(rows));
}

/** One screen: where you are, what this is, what can be pressed. Never higher than the window less one row. */
export function Page({ question, now, mark, header, lines, below, belowRows = 0, keys }: PageProps) {
  const { columns, rows, theme, gate, trouble, notice, frame, tooSmall } = useUi();
  const rule = line(span('─'.repeat(columns), { dim: true }));
  const room = Math.max(0, bodyRows(rows, header.length) - belowRows);
  const message: Line = trouble
    ? line(span('! ', { tone: 'danger', bold: true }), span(trouble, { tone: 'danger' }))
    : notice
      ? line(span(` ${notice}`, { bold: true }))
      : [];
  const top = [
    ...header.map((row) => clip(row, columns)),
    rule,
    ...lines.slice(0, room).map((row) => clip(row, columns)),
  ];
  const foot = [clip(message, columns), rule, ...footer(keys, columns, footerRows(rows), theme.unicode)];
  // Before the frame is painted, and after it was drawn: neither a render nor a layout effect comes at that moment.
  useInsertionEffect(() => {
    if (tooSmall) return;
    gate.ask(question, { now, mark });
    frame.widths = [...top, ...foot].map((row) => columnsOf(plain(row).trimEnd()));
  });
  return (
    <Box flexDirection="column">
      <Rows lines={top} />
      {below}
      <Rows lines={foot} />
    </Box>
  );
}
