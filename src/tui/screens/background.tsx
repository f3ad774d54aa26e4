import { unsettled } from '../../run/background.ts';
import type { Intent } from '../../run/intent.ts';
import type { RunState } from '../../run/state.ts';
import { sanitiseLine } from '../../terminal/sanitise.ts';
import { Page } from '../components/page.tsx';
import { Select } from '../components/select.tsx';
import { brief } from '../duration.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useNow } from '../hooks/use-now.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** The oldest process that a command left running, and what is to become of it. It goes away by itself when it ends. */
export function Background(props: {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly onDecide: (intent: Intent) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { columns } = useUi();
  const now = useNow(1000);
  const keys = useKeys('list', { close: props.onClose }, { listed: ['choose'] });
  const [process, ...others] = unsettled(props.state);
  if (!process)
    return (
      <Page
        question="background/none"
        header={props.header}
        keys={keys}
        lines={[line(' Nothing runs in the background.')]}
      />
    );
  const { pid, command, since, signalled } = process;
  const age = brief(Math.max(0, now - Date.parse(since)));
  return (
    <Page
      question={`background/${pid}/${signalled ?? ''}`}
      header={props.header}
      keys={keys}
      lines={[
        line(span(` A command left this running: pid ${pid}, for ${age}`, { bold: true })),
        ...wrapText(sanitiseLine(command), columns - 4).map((row): Line => [span('   '), ...row]),
        ...(others.length > 0 ? [line(` and ${others.length} more after it`)] : []),
        blank,
        ...wrapText('To wait for it, go back: it goes away here when it has ended.', columns - 2).map(
          (row): Line => [span(' '), ...row],
        ),
        blank,
      ]}
      below={
        <Select<Intent>
          items={[
            {
              key: 'leave',
              label: 'let it go on',
              detail: 'knowingly; it is in the entry',
              value: { type: 'leave-background', pid },
            },
            {
              key: 'stop',
              label: signalled ? 'kill it' : 'stop it',
              detail: signalled ? 'SIGKILL' : 'SIGTERM',
              value: { type: 'stop-background', pid },
            },
          ]}
          limit={2}
          onSelect={props.onDecide}
        />
      }
      belowRows={2}
    />
  );
}
