import { useState } from 'react';
import { bodyRows, Page } from '../components/page.tsx';
import { type Handlers, useKeys } from '../hooks/use-keys.ts';
import { between, type Line, line, span } from '../line.ts';
import { useUi } from '../ui.ts';

export interface ReaderProps {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  readonly lines: readonly Line[];
  /** Begins at the end and stays there while lines come in. */
  readonly fromEnd?: boolean;
  /** What else can be done with what is read. */
  readonly more?: Handlers;
  readonly onClose: () => void | Promise<void>;
}

/** Something to read, a window at a time. Only the rows in the window are drawn. */
export function Reader({ question, header, title, lines, fromEnd = false, more = {}, onClose }: ReaderProps) {
  const { columns, rows } = useUi();
  const height = bodyRows(rows, header.length) - 2;
  const last = Math.max(0, lines.length - height);
  // Undefined: at the end, wherever that is by now.
  const [top, setTop] = useState<number | undefined>(fromEnd ? undefined : 0);
  const from = Math.min(top ?? last, last);
  const move = (by: number) => () =>
    setTop((now) => {
      const next = Math.max(0, Math.min(now ?? last, last) + by);
      return fromEnd && next >= last ? undefined : Math.min(next, last);
    });
  const keys = useKeys('reader', {
    ...more,
    close: onClose,
    up: move(-1),
    down: move(1),
    'page-up': move(1 - height),
    'page-down': move(height - 1),
    top: () => setTop(0),
    bottom: () => setTop(fromEnd ? undefined : last),
  });
  const place =
    lines.length <= height ? '' : `${from + 1}–${Math.min(lines.length, from + height)} of ${lines.length} `;
  return (
    <Page
      question={question}
      header={header}
      keys={keys}
      lines={[
        between(line(span(` ${title}`, { bold: true })), line(span(place, { dim: true })), columns),
        [],
        ...lines.slice(from, from + height),
      ]}
    />
  );
}
