import { useApp } from 'ink';
import { useEffect } from 'react';
import type { Session } from '../../run/session.ts';
import type { Keyboard } from '../keyboard.ts';
import { lenderOf } from '../lender.ts';

/** Lends the terminal to the commands of a run for as long as its screen is there. */
export function useLender(session: Session, keyboard: Keyboard): void {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    const lender = lenderOf(suspendTerminal, keyboard);
    session.lender = lender;
    return () => {
      if (session.lender === lender) session.lender = undefined;
    };
  }, [session, keyboard, suspendTerminal]);
}
