import { useEffect, useReducer } from 'react';
import type { Session } from '../../run/session.ts';

/** Draws again whenever the run has moved on or its running command has said something. */
export function useSession(session: Session): void {
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  useEffect(() => session.subscribe(again), [session]);
}
