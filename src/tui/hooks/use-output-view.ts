import { useEffect, useReducer, useRef, useState } from 'react';
import type { Session } from '../../run/session.ts';
import { OutputView } from '../output-view.ts';
import { useUi } from '../ui.ts';

/** A window over the output of an attempt, renewed while output comes in; `none` where nothing was recorded. */
export function useOutputView(
  session: Session,
  command: string,
  attempt: number,
  columns: number,
  height: number,
): OutputView | 'none' | undefined {
  const { fail } = useUi();
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const [view, setView] = useState<OutputView | 'none' | undefined>();
  const size = useRef({ columns, height });
  size.current = { columns, height };
  useEffect(() => {
    let gone = false;
    let made: OutputView | undefined;
    session.openOutput(command, attempt).then(
      (reader) => {
        if (gone) return void reader?.close();
        if (!reader) return setView('none');
        made = new OutputView(reader, size.current.columns, size.current.height, again);
        setView(made);
      },
      (error: unknown) => {
        if (!gone) fail(error);
      },
    );
    const unsubscribe = session.subscribe(() => made?.tick());
    return () => {
      gone = true;
      unsubscribe();
      void made?.close();
    };
  }, [session, command, attempt, fail]);
  useEffect(() => {
    if (view && view !== 'none') view.resize(columns, height);
  }, [view, columns, height]);
  return view;
}
