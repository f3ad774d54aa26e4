import { bodyRows, Page } from '../components/page.tsx';
import { aboveList, type Item, Select, wholeRows } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { type Line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** One question with a list of answers, the safe one marked. */
export function Choose<V>(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  readonly about?: string;
  readonly items: readonly Item<V>[];
  readonly initial?: number;
  readonly onSelect: (value: V) => void | Promise<void>;
  readonly onClose: () => void;
}) {
  const { columns, rows } = useUi();
  const keys = useKeys('select', { close: props.onClose }, { listed: ['choose'] });
  const about = props.about
    ? wrapText(props.about, columns - 2, { dim: true }).map((row): Line => [span(' '), ...row])
    : [];
  // A question is read whole, however narrow the window.
  const title = wrapText(props.title, columns - 2, { bold: true }).map((row): Line => [span(' '), ...row]);
  const room = Math.max(1, bodyRows(rows, props.header.length) - 2 - title.length - about.length);
  const limit = Math.min(props.items.length, room);
  // Answers are told apart by their ends too: each is read whole where all of them have room.
  const height = props.items.reduce((sum, item) => sum + wholeRows(item, columns - 4).length, 0);
  const whole = height <= room;
  return (
    <Page
      question={props.question}
      header={props.header}
      keys={keys}
      lines={[...title, ...about, aboveList(props.items.length, limit)]}
      below={
        <Select
          items={props.items}
          initial={props.initial ?? 0}
          limit={limit}
          whole={whole}
          onSelect={props.onSelect}
        />
      }
      belowRows={whole ? height : limit}
    />
  );
}
