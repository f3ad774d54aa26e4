import { mask } from '../execution/mask.ts';
import type { Refused } from '../run/decision.ts';
import type { RecordedEvent } from '../run/state.ts';
import { compile } from '../runbook/compile.ts';
import type { Procedure } from '../runbook/procedure.ts';
import { loadShellGrammar } from './grammars.ts';
import { begunWith } from './runbook-file.ts';

/** True for a text in which a secret was masked: it is no command any more. */
export function isMasked(text: string): boolean {
  return text.includes(mask);
}

/** The answer to whoever would run such a text. */
export const maskedText: Refused = {
  kind: 'refused',
  reason: 'a secret in this command was masked when it was journaled, so its text is not whole any more',
  next: 'edit the command and give the secret as a variable',
  overridable: false,
  needsPerson: true,
};

/**
 * The events of a journal without the masks that it was written with, as far as that can be known: the procedure from
 * the copy of the runbook or the runbook itself, whose hash the journal has. A value that was masked counts as a secret, which must be given again.
 */
export async function exactEvents(
  folder: string,
  events: readonly RecordedEvent[],
): Promise<readonly RecordedEvent[]> {
  const [first] = events;
  if (first?.type !== 'run-started') return events;
  const procedure = isMasked(JSON.stringify(first.procedure))
    ? await procedureBegunWith(folder, first)
    : undefined;
  let whole = true;
  const exact = events.map((event): RecordedEvent => {
    const found = unmasked(event, procedure);
    whole &&= found === event;
    return found;
  });
  // The same array says that there is nothing to tell apart.
  return whole ? events : exact;
}

function unmasked(event: RecordedEvent, procedure: Procedure | undefined): RecordedEvent {
  if (event.type === 'run-started') return procedure ? { ...event, procedure } : event;
  if (event.type !== 'input-given' || event.value === undefined || !isMasked(event.value)) return event;
  const { value: _masked, ...rest } = event;
  return { ...rest, secret: true };
}

async function procedureBegunWith(
  folder: string,
  started: Extract<RecordedEvent, { type: 'run-started' }>,
): Promise<Procedure | undefined> {
  const bytes = await begunWith(folder, started.runbook);
  if (!bytes) return undefined;
  await loadShellGrammar();
  return compile(bytes.toString('utf8')).procedures.find(({ id }) => id === started.procedure.id);
}
