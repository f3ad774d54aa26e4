import { useEffect, useState } from 'react';
import { Page } from '../components/page.tsx';
import { Select } from '../components/select.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import type { WrittenEntry } from '../house.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { proseLines } from '../prose.ts';
import { useUi } from '../ui.ts';
import type { EndingProps } from './ending.tsx';
import { Message } from './message.tsx';
import { Reader } from './reader.tsx';

/** Writes the entry and shows it; where it lies in a git checkout, it can be committed before one leaves. */
export function Written({ session, header, onDone }: EndingProps) {
  const { house, columns } = useUi();
  const [entry, setEntry] = useState<WrittenEntry | undefined>();
  const [failure, setFailure] = useState<string | undefined>();
  const [tries, setTries] = useState(0);
  const [read, setRead] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try writes again
  useEffect(() => {
    let gone = false;
    house.writeEntry(session).then(
      (written) => !gone && setEntry(written),
      (error: unknown) => !gone && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      gone = true;
    };
  }, [house, session, tries]);
  if (failure !== undefined)
    return (
      <Message
        question={`entry-failed/${tries}`}
        header={header}
        title="The entry could not be written"
        text={`${failure}\nThe journal of the run is safe; the entry can be written again at any time.`}
        onReload={() => {
          setFailure(undefined);
          setTries(tries + 1);
        }}
        onClose={() => onDone('home')}
      />
    );
  if (!entry)
    return <Message question="writing" waiting header={header} title="Writing the entry …" text="" />;
  const { checkout } = entry;
  if (read && checkout !== undefined)
    return (
      <CommitOffer
        header={header}
        checkout={checkout}
        onCommit={() => house.commitEntry(session)}
        onDone={() => onDone('home')}
      />
    );
  return (
    <Reader
      question="entry"
      header={header}
      title={`Entry written: ${entry.path}`}
      lines={[
        ...(entry.problem === undefined
          ? []
          : [...wrapText(` ! ${entry.problem}`, columns - 1, { tone: 'caution' }), blank]),
        ...proseLines(entry.markdown, columns - 2).map((row): Line => [span(' '), ...row]),
      ]}
      onClose={() => (checkout === undefined ? onDone('home') : setRead(true))}
    />
  );
}

interface OfferProps {
  readonly header: readonly Line[];
  readonly checkout: string;
  readonly onCommit: () => Promise<boolean>;
  readonly onDone: () => Promise<void>;
}

/** The entry lies among other files that a team keeps: whether it goes into their history is theirs to say. */
function CommitOffer({ header, checkout, onCommit, onDone }: OfferProps) {
  const { columns } = useUi();
  const [said, setSaid] = useState<{ readonly title: string; readonly text: string } | undefined>();
  const keys = useKeys('select', { close: onDone }, { listed: ['choose'] });
  if (said)
    return (
      <Message
        question="committed"
        header={header}
        title={said.title}
        text={said.text}
        onGoOn={onDone}
        onClose={onDone}
      />
    );
  const commit = async () => {
    try {
      const fresh = await onCommit();
      setSaid(
        fresh
          ? { title: 'The entry is committed', text: 'Nothing was pushed.' }
          : { title: 'The entry stands committed already', text: '' },
      );
    } catch (error) {
      setSaid({
        title: 'The entry was not committed',
        text: `${(error as Error).message}\nIt is written all the same; commit it by hand, or later with: drillbook log commit RUN`,
      });
    }
  };
  return (
    <Page
      question="commit"
      header={header}
      keys={keys}
      lines={[
        ...wrapText(` Commit the entry to ${checkout}?`, columns - 1, { bold: true }),
        line(span(' Only its two files are committed, and nothing is pushed.', { dim: true })),
        blank,
      ]}
      below={
        <Select
          items={[
            { key: 'commit', label: 'commit', detail: 'git add and git commit', value: true },
            { key: 'leave', label: 'leave it', detail: 'it stays as it is written', value: false },
          ]}
          limit={2}
          onSelect={(wanted) => (wanted ? commit() : onDone())}
        />
      }
      belowRows={2}
    />
  );
}
