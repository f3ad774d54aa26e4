import { bodyRows, Page } from '../components/page.tsx';
import { aboveList, type Item, Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { type Line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** A list in front of a run, to take one thing of it or none. */
export function Pick<V>(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly title: string;
  readonly items: readonly Item<V>[];
  readonly initial?: number;
  readonly onSelect: (value: V) => void | Promise<void>;
  readonly onClose: () => void;
}) {
  const { question, header, items, initial = 0, onSelect, onClose } = props;
  const { columns, rows } = useUi();
  const keys = useKeys('list', { close: onClose }, { listed: ['choose'] });
  const title = wrapText(props.title, columns - 2, { bold: true }).map((row): Line => [span(' '), ...row]);
  const limit = Math.max(1, bodyRows(rows, header.length) - 2 - title.length);
  return (
    <Page
      question={question}
      header={header}
      keys={keys}
      lines={[...title, aboveList(items.length, limit)]}
      below={<Select items={items} initial={initial} limit={limit} onSelect={onSelect} />}
      belowRows={Math.min(limit, items.length)}
    />
  );
}
