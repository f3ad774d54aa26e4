import { Text } from 'ink';
import { useInsertionEffect } from 'react';
import type { Gate } from '../gate.ts';
import type { Frame } from '../reflow.ts';
import { smallest } from '../ui.ts';

/** The one line of a window that cannot hold the screens. What runs goes on; a larger window brings it back. */
export function TooSmall({
  columns,
  rows,
  gate,
  frame,
}: {
  readonly columns: number;
  readonly rows: number;
  readonly gate: Gate;
  readonly frame: Frame;
}) {
  const needs = `${smallest.columns}×${smallest.rows}`;
  const sentences = [
    `This window is ${columns}×${rows}; Drillbook needs ${needs}. Nothing is lost: make it larger. Ctrl+Z suspends.`,
    `window too small: needs ${needs}, is ${columns}×${rows} · Ctrl+Z suspends`,
    `needs ${needs}: make it larger · Ctrl+Z`,
    `window too small: needs ${needs}, is ${columns}×${rows}`,
    `window too small: needs ${needs}`,
    `needs ${needs}`,
  ];
  const shown = sentences.find((text) => text.length <= columns) ?? needs;
  useInsertionEffect(() => {
    gate.ask(`too-small/${columns}×${rows}`);
    frame.widths = [shown.length];
  });
  return <Text wrap="truncate-end">{shown}</Text>;
}
