import { useEffect, useState } from 'react';
import type { Session } from '../../run/session.ts';
import { breakLine, type Line, line, span } from '../line.ts';
import { useUi } from '../ui.ts';
import { Reader } from './reader.tsx';

/** Rows of output that the viewer holds; the whole of it is in the run's folder. */
const held = 5000;

/** What a command printed, from its recording; new output comes in while it runs. */
export function Output(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly session: Session;
  readonly title: string;
  readonly command: string;
  readonly attempt: number;
  readonly onClose: () => void;
}) {
  const { session, command, attempt } = props;
  const { columns, fail } = useUi();
  const [rows, setRows] = useState<readonly string[] | undefined>();
  useEffect(() => {
    let gone = false;
    let reading = false;
    let again = false;
    const read = async (): Promise<void> => {
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      try {
        do {
          again = false;
          const found = await session.output(command, attempt, held, columns - 2);
          if (!gone) setRows(found);
        } while (again && !gone);
      } catch (error) {
        if (!gone) fail(error);
      } finally {
        reading = false;
      }
    };
    void read();
    const unsubscribe = session.subscribe(() => void read());
    return () => {
      gone = true;
      unsubscribe();
    };
  }, [session, command, attempt, columns, fail]);
  const lines =
    rows === undefined
      ? [line(' reading …')]
      : rows.length === 0
        ? [line(span(' (it printed nothing)', { dim: true }))]
        : rows.flatMap((text) =>
            breakLine([span(text)], columns - 2).map((row): Line => [span(' '), ...row]),
          );
  return <Reader {...props} lines={lines} fromEnd />;
}
