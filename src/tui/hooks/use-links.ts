import { useEffect, useState } from 'react';
import type { Session } from '../../run/session.ts';
import type { StepLink } from '../house.ts';
import { useUi } from '../ui.ts';

/** The links to other runbooks in that of a run. They come when they are read; a run waits for them no moment. */
export function useLinks(session: Session): readonly StepLink[] {
  const { house } = useUi();
  const [links, setLinks] = useState<readonly StepLink[]>([]);
  useEffect(() => {
    let gone = false;
    // Without them a step has no key to open one; the link still stands in its text.
    house.links(session).then(
      (found) => {
        if (!gone) setLinks(found);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [house, session]);
  return links;
}
