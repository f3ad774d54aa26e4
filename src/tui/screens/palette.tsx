import { useState } from 'react';
import { bodyRows, Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { useTextEntry } from '../hooks/use-text-entry.ts';
import { blank, type Line, line, span } from '../line.ts';
import { foundItems, itemRow, type PaletteItem } from '../palette.ts';
import { entryLines } from '../text-entry.ts';
import { useUi } from '../ui.ts';

/** Everything that can be done, opened or looked at from here, found by a few letters of its name. */
export function Palette(props: {
  readonly header: readonly Line[];
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
}) {
  const { columns, rows } = useUi();
  const search = useTextEntry('');
  // By its key, so that the mark stays on what it is on while the list changes.
  const [marked, setMarked] = useState<string | undefined>();
  const found = foundItems(props.items, search.entry.text);
  const at = Math.max(
    0,
    found.findIndex((item) => item.key === marked),
  );
  const item = found[at];
  const move = (by: number) => () => setMarked(found[Math.max(0, Math.min(found.length - 1, at + by))]?.key);
  const keys = useKeys(
    'filter',
    { open: item?.act, up: move(-1), down: move(1), close: props.onClose },
    {
      typed: (key) => {
        const took = search.typed(key);
        if (took) setMarked(undefined);
        return took;
      },
      pasted: search.pasted,
    },
  );
  const height = bodyRows(rows, props.header.length) - 2;
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), found.length - height));
  return (
    <Page
      question="palette"
      mark={item?.key ?? ''}
      header={props.header}
      keys={keys}
      lines={[
        [span(' Find  ', { bold: true }), ...(entryLines(search.entry, columns - 10, 1)[0] ?? [])],
        blank,
        ...(found.length > 0
          ? found.slice(from, from + height).map((each, index) => itemRow(each, from + index === at, columns))
          : [line(' Nothing here is called so. Esc goes back.')]),
      ]}
    />
  );
}
