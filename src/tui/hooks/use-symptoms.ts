import { useEffect, useState } from 'react';
import type { Session } from '../../run/session.ts';
import type { Symptom } from '../../runbook/runbook.ts';
import { useUi } from '../ui.ts';

/** What may go wrong, by the runbook of a run. It comes when it is read; a run waits for it no moment. */
export function useSymptoms(session: Session): readonly Symptom[] {
  const { house } = useUi();
  const [symptoms, setSymptoms] = useState<readonly Symptom[]>([]);
  useEffect(() => {
    let gone = false;
    // Without them a failed step has the ways on that it always has.
    house.symptoms(session).then(
      (found) => {
        if (!gone) setSymptoms(found);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [house, session]);
  return symptoms;
}
