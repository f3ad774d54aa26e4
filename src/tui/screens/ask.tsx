import { Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { useTextEntry } from '../hooks/use-text-entry.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { entryLines } from '../text-entry.ts';
import { useUi } from '../ui.ts';

export interface AskProps {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  /** What is said above the field. */
  readonly about?: readonly Line[];
  /** What was wrong with the last answer. */
  readonly complaint?: string | undefined;
  readonly initial?: string;
  readonly secret?: boolean;
  /** Several lines, for a command. */
  readonly multiline?: boolean;
  readonly onSubmit: (text: string) => void | Promise<void>;
  readonly onClose: () => void | Promise<void>;
}

/** Asks for a text: a reason, a note, a value, a phrase, a command. Enter takes it, Esc leaves. */
export function Ask(props: AskProps) {
  const { header, title, about = [], complaint, secret = false, multiline = false, question } = props;
  const { columns, rows } = useUi();
  const control = useTextEntry(props.initial ?? '', multiline);
  const keys = useKeys(
    multiline ? 'editor' : 'field',
    {
      submit: () => props.onSubmit(control.entry.text),
      close: props.onClose,
      ...(multiline ? { newline: () => void control.typed({ name: 'newline', text: '\n' }) } : {}),
    },
    control,
  );
  const height = multiline ? Math.max(3, rows - header.length - about.length - 9) : 3;
  const field = entryLines(control.entry, columns - 5, height, secret);
  return (
    <Page
      question={question}
      header={header}
      keys={keys}
      lines={[
        ...wrapText(` ${title}`, columns - 1, { bold: true }),
        blank,
        ...about,
        ...(about.length > 0 ? [blank] : []),
        ...field.map((row, index): Line => [span(index === 0 ? ' ▸ ' : '   ', { tone: 'accent' }), ...row]),
        blank,
        ...(complaint ? [line(span(` ! ${complaint}`, { tone: 'danger', bold: true }))] : []),
      ]}
    />
  );
}
