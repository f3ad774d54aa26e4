import { useEffect, useState } from 'react';
import type { Finding } from '../../lint/finding.ts';
import type { Session } from '../../run/session.ts';
import { useUi } from '../ui.ts';

/** What lint says about the runbook of a run. It comes when it is read; a run waits for it no moment. */
export function useFindings(session: Session): readonly Finding[] {
  const { house } = useUi();
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  useEffect(() => {
    let gone = false;
    // Without findings a run is as it was before there was lint.
    house.findings(session).then(
      (found) => {
        if (!gone) setFindings(found);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [house, session]);
  return findings;
}
