import { useState } from 'react';
import { Page } from '../components/page.tsx';
import { brief } from '../duration.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useNow } from '../hooks/use-now.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** Something to know, and the ways on that are given. */
export function Message(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  readonly text: string;
  /** Something is being done; it is seen that it goes on. */
  readonly waiting?: boolean;
  readonly onGoOn?: (() => void | Promise<void>) | undefined;
  readonly onReload?: (() => void | Promise<void>) | undefined;
  readonly onContinue?: (() => void | Promise<void>) | undefined;
  readonly onClose?: (() => void | Promise<void>) | undefined;
}) {
  const { columns, theme } = useUi();
  const now = useNow(props.waiting ? (theme.reader ? 30_000 : theme.still ? 1000 : 100) : undefined);
  const [since] = useState(now);
  const glyph = props.waiting ? ` ${theme.spinner[Math.floor(now / 100) % theme.spinner.length]}` : '';
  const keys = useKeys('message', {
    'go-on': props.onGoOn,
    reload: props.onReload,
    continue: props.onContinue,
    close: props.onClose,
  });
  return (
    <Page
      question={props.question}
      header={props.header}
      keys={keys}
      lines={[
        ...wrapText(`${glyph} ${props.title}`, columns - 1, { bold: true }),
        ...(props.waiting ? [line(span(`   ${brief(now - since)}`, { dim: true }))] : []),
        blank,
        ...(props.text ? wrapText(props.text, columns - 2).map((row): Line => [span(' '), ...row]) : []),
      ]}
    />
  );
}
