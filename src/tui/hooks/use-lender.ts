import { useApp } from 'ink';
import { useEffect } from 'react';
import type { Session } from '../../run/session.ts';
import { withoutSecrets } from '../command-lines.ts';
import type { Keyboard } from '../keyboard.ts';
import { lenderOf } from '../lender.ts';
import { clip, plain, span } from '../line.ts';

/** Lends the terminal to the commands of a run for as long as its screen is there. */
export function useLender(session: Session, keyboard: Keyboard): void {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    const lender = lenderOf(suspendTerminal, keyboard, () => {
      const first = withoutSecrets(session.state().running?.text ?? 'a shell; exit comes back')
        .trim()
        .split('\n')[0]!;
      return plain(clip([span(first)], Math.max(20, (process.stdout.columns ?? 80) - 26)));
    });
    session.lender = lender;
    return () => {
      if (session.lender === lender) session.lender = undefined;
    };
  }, [session, keyboard, suspendTerminal]);
}
