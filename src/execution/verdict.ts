import type { Exit, Verdict } from '../run/event.ts';
import { explainExit, family } from './exit-codes.ts';
import { lastPipeline, type PipelinePart } from './pipeline.ts';

const sigpipe = 141;

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** What an end means. `ended` tells whether the operator or the timeout brought it about. */
export function judge(
  exit: Exit,
  pipeStatus: readonly number[] | undefined,
  text: string,
  ended: 'by-itself' | 'stopped' | 'timed-out',
): Judgement {
  switch (exit.kind) {
    case 'not-started':
      return { verdict: 'failed', reason: exit.error };
    case 'signal':
      if (ended !== 'by-itself') return { verdict: ended, reason: `ended by ${exit.signal}` };
      return { verdict: 'failed', reason: `ended by ${exit.signal}, which Drillbook did not send` };
    case 'code':
      return judgeCode(exit.code, pipeStatus ?? [], lastPipeline(text), ended);
  }
}

function judgeCode(
  code: number,
  statuses: readonly number[],
  parts: readonly PipelinePart[],
  ended: 'by-itself' | 'stopped' | 'timed-out',
): Judgement {
  const named = parts.length === Math.max(1, statuses.length) ? parts : [];
  if (code !== 0) {
    if (ended !== 'by-itself') return { verdict: ended, reason: `ended with exit code ${code}` };
    const last = named.at(-1);
    const culprit = statuses.at(-1) === code ? last : named[statuses.lastIndexOf(code)];
    const reason = explainExit(culprit?.program, code);
    if (code === 1 && culprit !== undefined && culprit === last && isSearch(culprit))
      return { verdict: 'succeeded', reason: reason! };
    return { verdict: 'failed', ...(reason === undefined ? {} : { reason }) };
  }
  for (const [at, status] of statuses.entries()) {
    if (status === 0 || at === statuses.length - 1) continue;
    // Whoever reads only the beginning (`head`, `grep -q`) stops the producer; that is no failure.
    if (status === sigpipe && statuses.slice(at + 1).some((later) => later === 0)) continue;
    const part = named[at];
    if (status === 1 && part && isSearch(part)) continue;
    const who = part
      ? `${part.program} (part ${at + 1} of ${statuses.length})`
      : `part ${at + 1} of ${statuses.length}`;
    const why = explainExit(part?.program, status);
    return {
      verdict: 'hidden-failure',
      reason: `${who} failed with exit code ${status}, but the pipeline ended with 0${why ? `; ${why}` : ''}`,
    };
  }
  return { verdict: 'succeeded' };
}

/** A search whose "nothing matched" is an answer; with `-q` it is a test, and a test can fail. */
function isSearch(part: PipelinePart): boolean {
  return (
    family(part.program) === 'grep' &&
    !part.words.some((word) => /^(?:-[a-zA-Z]*q|--quiet|--silent)/.test(word))
  );
}
