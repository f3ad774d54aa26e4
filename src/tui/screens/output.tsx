import { useStdout } from 'ink';
import { useState } from 'react';
import type { Session } from '../../run/session.ts';
import { clipboard } from '../../terminal/clipboard.ts';
import { attemptLine } from '../attempt-line.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { useNow } from '../hooks/use-now.ts';
import { useOutputView } from '../hooks/use-output-view.ts';
import { useTextEntry } from '../hooks/use-text-entry.ts';
import { between, blank, clip, type Line, line, span } from '../line.ts';
import { gutter, outputLines, outputPlace } from '../output-lines.ts';
import { statusRows } from '../status-rows.ts';
import { entryLines } from '../text-entry.ts';
import { useUi } from '../ui.ts';
import { Help } from './help.tsx';

export interface OutputProps {
  readonly session: Session;
  readonly title: string;
  readonly command: string;
  readonly attempt: number;
  readonly onClose: () => void;
}

/** What stands before a row. */
const signs = '! like an error  e standard error ';

/**
 * What a command printed, the whole screen of it, from its recording: whatever its length, only the rows in the window
 * are read and drawn. What comes in while it runs is followed.
 */
export function Output({ session, title, command, attempt, onClose }: OutputProps) {
  const { columns, rows, theme } = useUi();
  const { stdout } = useStdout();
  const height = bodyRows(rows, 1) - 1;
  const view = useOutputView(session, command, attempt, columns - gutter, height);
  const [asking, setAsking] = useState(false);
  const [helping, setHelping] = useState(false);
  const control = useTextEntry('');
  const shown = view === 'none' ? undefined : view;
  const live = session.live();
  const now = useNow(live ? 250 : undefined);
  const running = live?.command === command && live.attempt === attempt ? live : undefined;

  const copy = async (): Promise<void> => {
    const copied = await shown?.copied();
    if (!copied) return;
    // A clipboard sequence moves nothing on the screen, so that it may go past Ink.
    stdout.write(clipboard(copied.text));
    const what = copied.lines === 1 ? '1 line' : `${copied.lines} lines`;
    shown?.say(`${what} sent to the clipboard, where the terminal allows it`);
  };
  const moving = shown && {
    up: () => void shown.move(-1),
    down: () => void shown.move(1),
    'page-up': () => void shown.page(-1),
    'page-down': () => void shown.page(1),
    top: () => void shown.top(),
    bottom: () => void shown.bottom(),
    ...(shown.look.query === ''
      ? {}
      : {
          'find-next': () => void shown.findAgain(1),
          'find-previous': () => void shown.findAgain(-1),
        }),
    follow: () => void shown.follow(),
    wrap: () => void shown.wrap(),
    select: () => void shown.select(),
    find: () => {
      control.reset('');
      setAsking(true);
    },
    copy,
    pager: () => session.page(command, attempt),
  };
  const keys = useKeys(
    'output',
    {
      ...moving,
      close: () => {
        if (!shown?.giveUp()) onClose();
      },
      help: () => setHelping(true),
    },
    { active: !asking && !helping, listed: running ? ['interrupt'] : [] },
  );
  const searchKeys = useKeys(
    'field',
    {
      submit: () => {
        setAsking(false);
        void shown?.find(control.entry.text);
      },
      close: () => setAsking(false),
    },
    { ...control, active: asking },
  );
  const header = [
    between(line(span(` ${title}`, { bold: true })), shown ? outputPlace(shown.look) : blank, columns),
  ];
  if (helping)
    return <Help question="output/help" header={header} context="output" onClose={() => setHelping(false)} />;

  const lines: readonly Line[] =
    view === 'none'
      ? [line(span(' (nothing was recorded)', { dim: true }))]
      : shown
        ? outputLines(shown.look)
        : [line(' reading …')];
  const tried = session.state().parts[command]?.attempts.find((one) => one.attempt === attempt);
  const status = (): Line => {
    if (asking)
      return [
        span(' / ', { tone: 'accent', bold: true }),
        ...(entryLines(control.entry, columns - 4, 1, false)[0] ?? []),
      ];
    if (shown?.look.searching) return line(' searching … Esc gives up');
    if (shown?.look.message) return line(span(` ${shown.look.message}`, { bold: true }));
    if (running) return statusRows({ live: running, now, spinner: theme.spinner, columns }).at(-1) ?? blank;
    const legend = columns >= 80 && shown?.look.rows?.length ? signs : '';
    return between(
      tried ? [{ text: ' ' }, ...attemptLine(tried)] : blank,
      line(span(legend, { dim: true })),
      columns,
    );
  };
  return (
    <Page
      question={`output/${asking}`}
      header={header}
      keys={asking ? searchKeys : keys}
      lines={[
        ...lines.slice(0, height),
        ...Array.from({ length: Math.max(0, height - lines.length) }, () => blank),
        clip(status(), columns),
      ]}
    />
  );
}
