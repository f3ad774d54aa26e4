import { bodyRows, Page } from '../components/page.tsx';
import { type Item, Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span } from '../line.ts';
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
  const { question, header, title, items, initial = 0, onSelect, onClose } = props;
  const { rows } = useUi();
  const keys = useKeys('list', { close: onClose }, { listed: ['choose'] });
  const limit = bodyRows(rows, header.length) - 3;
  return (
    <Page
      question={question}
      header={header}
      keys={keys}
      lines={[line(span(` ${title}`, { bold: true })), blank]}
      below={<Select items={items} initial={initial} limit={limit} onSelect={onSelect} />}
      belowRows={Math.min(limit, items.length)}
    />
  );
}
