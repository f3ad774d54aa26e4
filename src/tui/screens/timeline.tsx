import { useState } from 'react';
import type { Session } from '../../run/session.ts';
import type { RecordedEvent } from '../../run/state.ts';
import { type Line, plain } from '../line.ts';
import { momentLines } from '../moments.ts';
import { useUi } from '../ui.ts';
import { Ask } from './ask.tsx';
import { Reader } from './reader.tsx';

const views = ['everything', 'commands', 'what went wrong', 'notes'] as const;

type View = (typeof views)[number];

/** What happened in a run, in order; only a kind of it, or only what has a text, where the operator says so. */
export function Timeline(props: {
  readonly session: Session;
  readonly header: readonly Line[];
  readonly onClose: () => void;
}) {
  const { session, header, onClose } = props;
  const { columns } = useUi();
  const [view, setView] = useState<View>('everything');
  const [text, setText] = useState('');
  const [asking, setAsking] = useState(false);
  if (asking)
    return (
      <Ask
        question="timeline/find"
        header={header}
        title="Show only what has which text? Empty shows everything."
        initial={text}
        onSubmit={(typed) => {
          setText(typed.trim());
          setAsking(false);
        }}
        onClose={() => setAsking(false)}
      />
    );
  const state = session.state();
  const events = session.events().filter((event) => isIn(view, event));
  const sought = text.toLowerCase();
  const lines = events.flatMap((event) => {
    const rows = momentLines(state, [event], columns - 1);
    return sought === '' || rows.map(plain).join(' ').toLowerCase().includes(sought) ? rows : [];
  });
  const only = [view === 'everything' ? '' : `only ${view}`, text === '' ? '' : `only with “${text}”`]
    .filter((word) => word !== '')
    .join(', ');
  return (
    <Reader
      key={`${view}/${text}`}
      question="timeline"
      header={header}
      title={`Timeline (UTC)${only === '' ? '' : `: ${only}`}`}
      lines={lines.length > 0 ? lines : [[{ text: ' Nothing of that kind has happened.' }]]}
      fromEnd
      more={{
        narrow: () => setView(views[(views.indexOf(view) + 1) % views.length]!),
        find: () => setAsking(true),
      }}
      onClose={onClose}
    />
  );
}

function isIn(view: View, event: RecordedEvent): boolean {
  switch (view) {
    case 'everything':
      return true;
    case 'commands':
      return event.type.startsWith('command-') || event.type.startsWith('guard-');
    case 'notes':
      return event.type === 'note-added';
    case 'what went wrong':
      return (
        /failed|interrupted|refused|overrid|skipped/.test(event.type) ||
        (event.type === 'command-finished' && event.verdict !== 'succeeded') ||
        (event.type === 'criterion-judged' && event.verdict === 'missed')
      );
  }
}
