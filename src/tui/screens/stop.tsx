import { Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** Asks how a run is to be ended before its end. */
export function StopPrompt(props: {
  readonly header: readonly Line[];
  readonly running: boolean;
  /** How many processes go on in the background without a word about them. */
  readonly background: number;
  readonly onStop: () => Promise<void>;
  readonly onFinish: (outcome: 'failed' | 'abandoned') => void;
  readonly onClose: () => void;
}) {
  const { columns } = useUi();
  const keys = useKeys('stop', {
    'stop-run': props.onStop,
    'finish-failed': props.running ? undefined : () => props.onFinish('failed'),
    'finish-abandoned': props.running ? undefined : () => props.onFinish('abandoned'),
    close: props.onClose,
  });
  const text = (words: string): readonly Line[] =>
    wrapText(words, columns - 2).map((row): Line => [span(' '), ...row]);
  return (
    <Page
      question={`stop/${props.running}`}
      header={props.header}
      keys={keys}
      lines={[
        line(span(' Stop this run?', { bold: true })),
        blank,
        ...text(
          'Enter stops it here. Nothing is lost: it stands first on the home screen and can be resumed.',
        ),
        ...(props.running
          ? text('The running command is interrupted first.')
          : text('f ends it for good as failed, a as abandoned; both write an entry.')),
        ...(props.background > 0
          ? text(
              props.background === 1
                ? 'One process goes on in the background: p shows it in the run.'
                : `${props.background} processes go on in the background: p shows them in the run.`,
            )
          : []),
        blank,
        ...text('Esc goes back to the run. Ctrl+C once more stops it and leaves Drillbook.'),
      ]}
    />
  );
}

/** Asks before the program is left while a command runs. */
export function QuitPrompt(props: {
  readonly header: readonly Line[];
  readonly onLeave: () => void;
  readonly onClose: () => void;
}) {
  const { columns } = useUi();
  const keys = useKeys('quit', { leave: props.onLeave, close: props.onClose });
  return (
    <Page
      question="quit"
      header={props.header}
      keys={keys}
      lines={[
        line(span(' A command is running.', { bold: true })),
        blank,
        ...wrapText(
          'Enter interrupts it, waits for its end and leaves; the run can be resumed. Ctrl+C is the next, harder signal. Esc goes back to the run.',
          columns - 2,
        ).map((row): Line => [span(' '), ...row]),
      ]}
    />
  );
}
