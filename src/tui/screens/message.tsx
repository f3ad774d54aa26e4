import { Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** Something to know, and the ways on that are given. Without any it is a wait. */
export function Message(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  readonly text: string;
  readonly onGoOn?: (() => void | Promise<void>) | undefined;
  readonly onReload?: (() => void | Promise<void>) | undefined;
  readonly onContinue?: (() => void | Promise<void>) | undefined;
  readonly onClose?: (() => void | Promise<void>) | undefined;
}) {
  const { columns } = useUi();
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
        ...wrapText(` ${props.title}`, columns - 1, { bold: true }),
        blank,
        ...(props.text ? wrapText(props.text, columns - 2).map((row): Line => [span(' '), ...row]) : []),
      ]}
    />
  );
}
