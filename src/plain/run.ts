import type { Reading } from '../effects/effect.ts';
import type { Guarded } from '../run/decision.ts';
import { here } from '../run/here.ts';
import type { Confirmation, Intent } from '../run/intent.ts';
import { measure } from '../run/measure.ts';
import type { Doer } from '../run/plan.ts';
import { preselect } from '../run/preselect.ts';
import { readCommand } from '../run/read.ts';
import { rereadable } from '../run/reread.ts';
import type { Session } from '../run/session.ts';
import { shortcomings } from '../run/shortcomings.ts';
import type { Choice } from '../runbook/choice.ts';
import type { GuessedBlock } from '../runbook/guess.ts';
import type { Command, PartChoice } from '../runbook/part.ts';
import type { Permissions } from './permissions.ts';

/** How an unattended run ended. `needs-person` leaves it stopped, to be resumed with what `next` says. */
export type Ending =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'needs-person'; readonly reason: string; readonly next: string };

const interrupted: Ending = { kind: 'failed', reason: 'it was interrupted' };

/**
 * Goes through a run without asking anybody: what the permissions or the sandbox allow is done, the first thing
 * that only a person may decide ends it. Between two things `isStopped` may end it too. A failed command, or a criterion that was missed, fails the run.
 */
export async function runPlain(
  session: Session,
  permissions: Permissions,
  isStopped: () => boolean = () => false,
): Promise<Ending> {
  /** Commands that this passage has tried: one that failed in an earlier passage deserves another try. */
  const tried = new Set<string>();
  for (;;) {
    const state = session.state();
    if (isStopped()) return interrupted;
    if (state.status !== 'running') return { kind: 'failed', reason: `the run is ${state.status}` };
    const ending = state.interrupted
      ? await settle(session, permissions)
      : await go(session, permissions, isStopped, tried);
    if (ending) return ending;
  }
}

async function go(
  session: Session,
  permissions: Permissions,
  isStopped: () => boolean,
  tried: Set<string>,
): Promise<Ending | undefined> {
  const wanted = guessToReread(session, permissions);
  if (wanted) return send(session, { type: 'reread', block: wanted.block, role: wanted.other.role });
  const at = here(session.state());
  switch (at.kind) {
    case 'choice':
      return choose(session, permissions, at.choice);
    case 'part':
      if (session.state().started.mode === 'preview')
        return send(session, { type: 'skip-part', part: at.part.id, reason: 'preview' });
      if (at.part.kind === 'command' && at.status === 'failed' && tried.has(at.part.id))
        return giveUp(session, `${at.part.caption ?? at.part.id} failed`);
      tried.add(at.part.id);
      return doPart(session, permissions, at.part, isStopped);
    case 'step-done':
      return send(session, { type: 'next' });
    case 'end':
      return finish(session);
  }
}

/** Once each: a run that is taken up again has it in its journal. */
function guessToReread(session: Session, { reread = [] }: Permissions): GuessedBlock | undefined {
  const state = session.state();
  return rereadable(state).find(
    ({ block, range }) => reread.includes(range.line) && state.rereads[block] === undefined,
  );
}

async function finish(session: Session): Promise<Ending> {
  await leaveBackground(session);
  if (session.state().started.mode === 'preview')
    return (
      (await send(session, { type: 'finish', outcome: 'abandoned', reason: 'preview' })) ?? { kind: 'passed' }
    );
  const against = shortcomings(session.state());
  if (against.length > 0) return giveUp(session, `not as it should be: ${against.join(', ')}`);
  return (await send(session, { type: 'finish', outcome: 'passed' })) ?? { kind: 'passed' };
}

/** What a command left running may be a restore: nobody is here to judge it, so it goes on, and the journal tells it. */
async function leaveBackground(session: Session): Promise<void> {
  for (const { pid, settled } of session.state().background)
    if (settled === undefined)
      await session.dispatch({ type: 'leave-background', pid, note: 'nobody was there to say otherwise' });
}

/** A failed drill is a result. A failed restore in an incident goes on: somebody resumes it at a terminal. */
async function giveUp(session: Session, reason: string): Promise<Ending> {
  const incident = session.state().started.mode === 'incident';
  if (!incident) await leaveBackground(session);
  await session.dispatch(incident ? { type: 'stop', reason } : { type: 'finish', outcome: 'failed', reason });
  return { kind: 'failed', reason };
}

async function needsPerson(session: Session, reason: string, next: string): Promise<Ending> {
  await session.dispatch({ type: 'stop', reason: `${reason}; ${next}` });
  return { kind: 'needs-person', reason, next };
}

async function settle(session: Session, { settle }: Permissions): Promise<Ending | undefined> {
  const { interrupted } = session.state();
  if (settle) return send(session, { type: 'settle', as: settle.as, note: settle.note });
  return needsPerson(
    session,
    `the outcome of ${interrupted?.command} is unknown`,
    'find out, then give --settle "succeeded: how you know" or --settle "failed: how you know"',
  );
}

async function choose(
  session: Session,
  permissions: Permissions,
  choice: Choice | PartChoice,
): Promise<Ending | undefined> {
  const wanted = new Set(permissions.options.map((option) => option.toLowerCase()));
  const given = choice.options.find(
    (option) => wanted.has(option.id.toLowerCase()) || wanted.has(option.title.toLowerCase()),
  );
  const before = preselect(session.state(), choice);
  if (!given && !before.certain && session.state().started.mode !== 'preview')
    return needsPerson(
      session,
      `${choice.title}: one of several ways must be taken`,
      `give --option with one of: ${choice.options.map((option) => option.id).join(', ')}`,
    );
  return send(session, { type: 'choose', choice: choice.id, option: given?.id ?? before.option });
}

async function doPart(
  session: Session,
  permissions: Permissions,
  part: Doer,
  isStopped: () => boolean,
): Promise<Ending | undefined> {
  switch (part.kind) {
    case 'command':
      return run(session, permissions, part, isStopped);
    case 'criterion': {
      const measured = measure(session.state(), part);
      return send(session, { type: 'judge', part: part.id, ...(measured ?? { verdict: 'not-judged' }) });
    }
    case 'manual':
    case 'check':
      return byPerson(session, permissions, part);
  }
}

/** On the sandbox nothing waits for a person; elsewhere somebody must have said that it is done. */
async function byPerson(
  session: Session,
  { done }: Permissions,
  part: Extract<Doer, { kind: 'manual' | 'check' }>,
): Promise<Ending | undefined> {
  const said = done.includes('all') || done.includes(part.id) || done.includes(part.text);
  const unattended = !said && session.state().started.target?.environment === 'sandbox';
  if (!said && !unattended)
    return needsPerson(
      session,
      `only a person can do or answer: ${part.text}`,
      `give --done ${JSON.stringify(part.id)} once it is done`,
    );
  return send(
    session,
    part.kind === 'manual'
      ? { type: 'manual', part: part.id, unattended }
      : { type: 'check', part: part.id, answer: 'ticked', unattended },
  );
}

async function run(
  session: Session,
  permissions: Permissions,
  command: Command,
  isStopped: () => boolean,
): Promise<Ending | undefined> {
  const { reading } = readCommand(session.state(), command);
  if (command.hints.interactive ?? reading.interactive)
    return needsPerson(
      session,
      `${command.caption ?? command.text} wants a terminal`,
      'run it with drillbook resume at a terminal',
    );
  const asked = await session.dispatch({ type: 'run', command: command.id });
  // Asking the server may have taken a while: what was stopped in it must not begin after all.
  if (asked.kind === 'guarded' && isStopped()) return interrupted;
  const decision =
    asked.kind === 'guarded' && allowed(session, permissions, asked)
      ? await session.dispatch({
          type: 'run',
          command: command.id,
          confirmation: allowed(session, permissions, asked)!,
        })
      : asked;
  switch (decision.kind) {
    case 'guarded':
      return needsPerson(
        session,
        `a person must confirm: ${reasonOf(decision.reading)}`,
        decision.guard.kind === 'phrase'
          ? `give --confirm ${JSON.stringify(decision.guard.phrase)}`
          : 'give --yes',
      );
    case 'refused':
      return decision.needsPerson
        ? needsPerson(session, decision.reason, decision.next)
        : giveUp(session, decision.reason);
    case 'accepted':
      await session.settled();
      return undefined;
  }
}

/** Why it asks: the worst of what it would do. */
function reasonOf({ class: worst, effects }: Reading): string {
  return effects.find((effect) => effect.class === worst)?.reason ?? worst;
}

function allowed(session: Session, permissions: Permissions, { guard }: Guarded): Confirmation | undefined {
  switch (guard.kind) {
    case 'enter':
      return permissions.yes || session.state().started.target?.environment === 'sandbox'
        ? { by: 'flag' }
        : undefined;
    case 'phrase':
      return permissions.confirm.includes(guard.phrase) ? { by: 'flag', phrase: guard.phrase } : undefined;
  }
}

async function send(session: Session, intent: Intent): Promise<Ending | undefined> {
  const decision = await session.dispatch(intent);
  if (decision.kind !== 'refused') return undefined;
  return decision.needsPerson
    ? needsPerson(session, decision.reason, decision.next)
    : { kind: 'failed', reason: `${decision.reason}; ${decision.next}` };
}
