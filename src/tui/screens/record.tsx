import { Static } from 'ink';
import { useEffect, useRef, useState } from 'react';
import type { RunState } from '../../run/state.ts';
import { Rows } from '../components/rows.tsx';
import { type Summary, summaries } from '../step-summary.ts';
import { useUi } from '../ui.ts';

/** Prints each step that was left once, above everything, where it stays. */
export function Record({ state }: { readonly state: RunState }) {
  const { columns } = useUi();
  const [printed, setPrinted] = useState<readonly Summary[]>([]);
  const known = useRef(new Set<string>());
  useEffect(() => {
    const fresh = summaries(state, columns).filter((summary) => !known.current.has(summary.key));
    if (fresh.length === 0) return;
    for (const summary of fresh) known.current.add(summary.key);
    setPrinted((before) => [...before, ...fresh]);
  }, [state, columns]);
  return (
    <Static items={printed as Summary[]}>
      {(summary) => <Rows key={summary.key} lines={summary.lines} />}
    </Static>
  );
}
