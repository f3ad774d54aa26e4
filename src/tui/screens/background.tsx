import { useState } from 'react';
import { unsettled } from '../../run/background.ts';
import type { Intent } from '../../run/intent.ts';
import type { BackgroundState, RunState } from '../../run/state.ts';
import { sanitiseLine } from '../../terminal/sanitise.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { type Item, Select } from '../components/select.tsx';
import { brief } from '../duration.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useNow } from '../hooks/use-now.ts';
import { between, blank, clip, type Line, line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** What the operator may say to a process that goes on after its command. */
type Word = { readonly say: Intent } | 'wait' | 'later';

export interface BackgroundProps {
  readonly header: readonly Line[];
  readonly state: RunState;
  /** At the end of a step or of the run something waits for the answers. */
  readonly before?: 'step' | 'end' | undefined;
  readonly onDecide: (intent: Intent) => Promise<void>;
  /** Goes on without an answer: it is asked again at the end of the run. */
  readonly onLater?: (() => void | Promise<void>) | undefined;
  readonly onClose: () => void;
}

/**
 * Every process that commands left running, with its number and age; the word is on the oldest: wait for it, let it go
 * on, stop it. A process that ends goes away by itself.
 */
export function Background(props: BackgroundProps) {
  const { columns, rows } = useUi();
  const now = useNow(1000);
  const [waitingFor, setWaitingFor] = useState<number>();
  const processes = unsettled(props.state);
  const [process] = processes;
  const waiting = process !== undefined && waitingFor === process.pid;
  const keys = useKeys(
    process ? 'list' : 'message',
    process ? { close: props.onClose } : { 'go-on': props.onClose, close: props.onClose },
    { listed: process ? ['choose'] : [] },
  );
  const room = Math.max(2, bodyRows(rows, props.header.length) - 10);
  const text = (words: string): readonly Line[] =>
    wrapText(words, columns - 2).map((row): Line => [span(' '), ...row]);
  if (!process)
    return (
      <Page
        question="background/none"
        header={props.header}
        keys={keys}
        lines={[line(span(' Nothing runs in the background any more.', { bold: true }))]}
      />
    );
  const count = processes.length === 1 ? 'One process still runs' : `${processes.length} processes still run`;
  const list = [
    line(span(` ${count} in the background.`, { bold: true })),
    ...(props.before ? text(ends[props.before]) : []),
    blank,
    ...processes.slice(0, room).map((each, index) => processRow(each, now, index === 0, columns)),
    ...(processes.length > room ? [line(`   and ${processes.length - room} more`)] : []),
    blank,
  ];
  const question = `background/${process.pid}/${process.signalled ?? ''}/${waiting}`;
  const items = wordsFor(process, { later: props.onLater !== undefined, waiting });
  return (
    <Page
      question={question}
      header={props.header}
      keys={keys}
      lines={[
        ...list,
        line(
          span(waiting ? ` Waiting for pid ${process.pid} to end by itself, or:` : ` pid ${process.pid}:`),
        ),
      ]}
      below={
        <Select<Word>
          items={items}
          limit={items.length}
          onSelect={(word) => {
            if (word === 'wait') return setWaitingFor(process.pid);
            return word === 'later' ? props.onLater?.() : props.onDecide(word.say);
          }}
        />
      }
      belowRows={items.length}
    />
  );
}

const ends = {
  step: 'This step is done: say what becomes of them.',
  end: 'The run is at its end: say what becomes of them.',
} as const;

function processRow(process: BackgroundState, now: number, marked: boolean, columns: number): Line {
  const { pid, command, since, signalled } = process;
  const age = brief(Math.max(0, now - Date.parse(since)));
  return clip(
    between(
      line(
        span(marked ? ' ▸ ' : '   ', { tone: 'accent', bold: true }),
        span(`pid ${pid}`, { bold: marked }),
        span(`  ${sanitiseLine(command)}`),
      ),
      line(
        span(signalled ? `${signalled} sent · ` : '', { tone: 'caution' }),
        span(`for ${age} `, { dim: true }),
      ),
      columns,
    ),
    columns,
  );
}

function wordsFor(
  { pid, signalled }: BackgroundState,
  { later, waiting }: { readonly later: boolean; readonly waiting: boolean },
): readonly Item<Word>[] {
  return [
    // It stays in its place: the next Enter must not say something else.
    {
      key: 'wait',
      label: waiting ? 'go on waiting' : 'wait for it',
      detail: 'until it has ended',
      value: 'wait',
    },
    ...(later
      ? [
          {
            key: 'later',
            label: 'go on',
            detail: 'asked again at the end of the run',
            value: 'later' as const,
          },
        ]
      : []),
    {
      key: 'leave',
      label: 'let it go on',
      detail: 'knowingly, after the run too',
      value: { say: { type: 'leave-background', pid } },
    },
    {
      key: 'stop',
      label: signalled ? 'kill it' : 'stop it',
      detail: signalled ? 'SIGKILL' : 'SIGTERM',
      value: { say: { type: 'stop-background', pid } },
    },
  ];
}
