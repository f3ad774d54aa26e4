import { useEffect, useMemo, useReducer, useState } from 'react';
import { bodyRows, Page } from '../components/page.tsx';
import { homePalette } from '../home-palette.ts';
import { homeRows, type Opening, windowOf } from '../home-rows.ts';
import { type Handlers, useKeys } from '../hooks/use-keys.ts';
import { useTextEntry } from '../hooks/use-text-entry.ts';
import type { HomeContent } from '../house.ts';
import { between, blank, type Line, line, span, wrapText } from '../line.ts';
import { actionItems } from '../palette-actions.ts';
import { entryLines } from '../text-entry.ts';
import { useUi } from '../ui.ts';
import { Help } from './help.tsx';
import { Palette } from './palette.tsx';

/** The first screen: what is unfinished, what can be run, what was run. */
export function Home({
  marked,
  onMark,
  onOpen,
  onQuit,
  onTrain,
}: {
  /** What the mark stands on; the first one where that is not there. It stays while the list comes in: nothing moves under the finger. */
  readonly marked: string | undefined;
  readonly onMark: (marked: string | undefined) => void;
  readonly onOpen: (opening: Opening) => void;
  readonly onQuit: () => void;
  readonly onTrain: () => void;
}) {
  const { house, columns, rows, keymap, theme } = useUi();
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  useEffect(() => house.subscribe(again), [house]);
  const content = house.home();
  const search = useTextEntry('');
  const [searching, setSearching] = useState(false);
  const [help, setHelp] = useState(false);
  const [finding, setFinding] = useState(false);
  const typed = searching ? search.entry.text : '';
  // A search goes through every command of every runbook: once for each letter and each change of the list.
  const list = useMemo(() => homeRows(content, typed), [content, typed]);
  const openings = list.flatMap((row) => (row.kind === 'opening' ? [row.opening] : []));
  const at = Math.max(
    0,
    openings.findIndex((opening) => keyOf(opening) === marked),
  );
  const opening = openings[at];
  const move = (by: number) => () => {
    const to = openings[Math.max(0, Math.min(openings.length - 1, at + by))];
    onMark(to && keyOf(to));
  };
  const stopSearching = (): void => {
    setSearching(false);
    search.reset('');
    onMark(undefined);
  };
  const handlers: Handlers = {
    open: opening
      ? () => {
          onMark(keyOf(opening));
          onOpen(opening);
        }
      : undefined,
    search: () => setSearching(true),
    close: searching ? stopSearching : undefined,
    up: move(-1),
    down: move(1),
    'page-up': move(-10),
    'page-down': move(10),
    help: () => setHelp(true),
    quit: onQuit,
    train: searching ? undefined : onTrain,
    palette: searching ? undefined : () => setFinding(true),
  };
  const keys = useKeys(searching ? 'filter' : 'home', handlers, {
    active: !help && !finding,
    ...(searching
      ? {
          typed: (key) => {
            const took = search.typed(key);
            if (took) onMark(undefined);
            return took;
          },
          pasted: search.pasted,
        }
      : {}),
  });
  const header = homeHeader(house.version, house.operator, content, columns);
  if (finding) {
    const close = (): void => setFinding(false);
    const items = [
      ...homePalette(content, onOpen),
      ...actionItems('home', { ...handlers, open: undefined }, keymap, theme.unicode, close),
    ];
    return <Palette header={header} items={items} onClose={close} />;
  }
  if (help) return <Help question="help" header={header} context="home" onClose={() => setHelp(false)} />;
  const field = searching ? entryLines(search.entry, columns - 12, 1) : [];
  const top: readonly Line[] = searching
    ? [line(span(' search  ', { bold: true }), ...(field[0] ?? [])), blank]
    : [];
  const height = bodyRows(rows, header.length) - top.length;
  const body = windowOf(list, opening, height, columns);
  return (
    <Page
      question={`home/${searching}`}
      mark={opening ? keyOf(opening) : ''}
      header={header}
      keys={keys}
      lines={[
        ...top,
        ...(body.length > 0
          ? body
          : [line(content.loading ? ' looking for runbooks …' : ' No runbooks found here.')]),
        ...(content.sandboxMessage
          ? [
              blank,
              ...wrapText(content.sandboxMessage, columns - 2, { tone: 'caution' }).map(
                (row): Line => [span(' '), ...row],
              ),
            ]
          : []),
      ]}
    />
  );
}

function keyOf(opening: Opening): string {
  switch (opening.kind) {
    case 'resume':
      return `resume/${opening.run}`;
    case 'due-drill':
      return `due-drill/${opening.target}`;
    default:
      return `${opening.kind}/${opening.path}`;
  }
}

function homeHeader(
  version: string,
  operator: string,
  content: HomeContent,
  columns: number,
): readonly Line[] {
  const sandbox: Readonly<Record<HomeContent['sandbox'], string>> = {
    ready: 'sandbox ready',
    starting: 'sandbox starting …',
    stopped: 'sandbox starts when needed',
    unavailable: 'no sandbox here',
  };
  return [
    between(
      line(span(` Drillbook ${version}`, { bold: true }), span('  Home', { dim: true })),
      line(span(`${operator} · ${sandbox[content.sandbox]} `, { dim: true })),
      columns,
    ),
  ];
}
