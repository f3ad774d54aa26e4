import { useEffect, useState } from 'react';
import type { LinkedRunbook, StepLink } from '../house.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { proseLines } from '../prose.ts';
import { useUi } from '../ui.ts';
import { Reader } from './reader.tsx';
import type { SetupStart } from './setup.tsx';

type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly runbook: LinkedRunbook }
  | { readonly kind: 'trouble'; readonly text: string };

/** A runbook that a step links to, to be read: how it would be run, then its text. */
export function Linked(props: {
  readonly header: readonly Line[];
  readonly link: StepLink;
  /** Leaves the run and begins this one; absent while that cannot be. */
  readonly onBegin: ((start: SetupStart) => Promise<void>) | undefined;
  readonly onClose: () => void;
}) {
  const { header, link, onBegin, onClose } = props;
  const { house, columns } = useUi();
  const [reading, setReading] = useState<Reading>({ kind: 'reading' });
  useEffect(() => {
    let gone = false;
    const show = (next: Reading): void => {
      if (!gone) setReading(next);
    };
    house.linked(link).then(
      (runbook) => show({ kind: 'read', runbook }),
      (error: unknown) =>
        show({ kind: 'trouble', text: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      gone = true;
    };
  }, [house, link]);
  const runbook = reading.kind === 'read' ? reading.runbook : undefined;
  const begin =
    runbook?.runnable && onBegin
      ? () =>
          onBegin({
            path: runbook.path,
            ...(runbook.procedure === undefined ? {} : { procedure: runbook.procedure }),
          })
      : undefined;
  return (
    <Reader
      question={`linked/${link.url}/${reading.kind}`}
      header={header}
      title={runbook ? `${runbook.title} (only to read)` : link.text || link.url}
      lines={linesOf(reading, link, columns)}
      more={{ 'begin-linked': begin }}
      onClose={onClose}
    />
  );
}

function linesOf(reading: Reading, link: StepLink, columns: number): readonly Line[] {
  const indented = (rows: readonly Line[]) => rows.map((row): Line => [span(' '), ...row]);
  const cautions = [
    ...(link.outside ? [`It lies outside the folder of this runbook: ${link.path ?? link.url}`] : []),
    ...(link.problem === undefined ? [] : [link.problem]),
  ].flatMap((text) => indented(wrapText(text, columns - 2, { tone: 'caution' })));
  switch (reading.kind) {
    case 'reading':
      return [line(' Reading …')];
    case 'trouble':
      // Where the link itself says what is wrong, that is enough.
      return link.problem === undefined
        ? [...cautions, ...indented(wrapText(reading.text, columns - 2, { tone: 'caution' }))]
        : cautions;
    case 'read': {
      const { path, outline, text } = reading.runbook;
      return [
        ...indented(wrapText(path, columns - 2, { dim: true })),
        ...cautions,
        blank,
        ...outline.flatMap((row) => indented(wrapText(row, columns - 2))),
        blank,
        line(span(' As it is written', { bold: true })),
        blank,
        ...indented(proseLines(text, columns - 2)),
      ];
    }
  }
}
