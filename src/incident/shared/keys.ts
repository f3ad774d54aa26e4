/*
 * How runs lie in a shared store (format 1):
 *   runs/<run>/journal.jsonl             the journal as it grows, replaced each time: for those who watch
 *   runs/<run>/live/<path>               its runbook and what its shell held, without secrets: for who takes it over
 *   runs/<run>/gone-<n>.json             created by the one who goes on when the machine is gone, for the n-th time
 *   runs/<run>/at-<seq>/files/<path>     the run as it was given away with line <seq> of its journal
 *   runs/<run>/at-<seq>/handover.json    created last: what was given, to whom; without it nothing was
 *   runs/<run>/at-<seq>/taken.json       created by the one who goes on: a store lets only one create it
 */

export function liveKey(run: string): string {
  return `runs/${run}/journal.jsonl`;
}

/** What a run that goes on keeps beside its journal, so that it can go on where its machine cannot. */
export const liveFiles = ['runbook.md', 'state/shell.json'] as const;

export function liveFileKey(run: string, path: (typeof liveFiles)[number]): string {
  return `runs/${run}/live/${path}`;
}

/** `times`: how often it was taken over already, with this one. */
export function goneKey(run: string, times: number): string {
  return `runs/${run}/gone-${times}.json`;
}

/** The run whose growing journal a key names. */
export function liveRunOf(key: string): string | undefined {
  return /^runs\/([a-z0-9-]+)\/journal\.jsonl$/.exec(key)?.[1];
}

function at(run: string, seq: number): string {
  // Zeros in front: keys sort as numbers do.
  return `runs/${run}/at-${String(seq).padStart(6, '0')}`;
}

export function handoverKey(run: string, seq: number): string {
  return `${at(run, seq)}/handover.json`;
}

export function takenKey(run: string, seq: number): string {
  return `${at(run, seq)}/taken.json`;
}

export function fileKey(run: string, seq: number, path: string): string {
  return `${at(run, seq)}/files/${path}`;
}

/** The run and the line that a handover's key names. */
export function handoverOf(key: string): { readonly run: string; readonly seq: number } | undefined {
  const found = /^runs\/([a-z0-9-]+)\/at-(\d+)\/handover\.json$/.exec(key);
  return found ? { run: found[1]!, seq: Number(found[2]) } : undefined;
}
