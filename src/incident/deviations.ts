import { mask } from '../execution/mask.ts';
import type { Recorded } from '../run/event.ts';
import { firstLine, spoken } from './format.ts';
import type { Index } from './procedure-index.ts';
import type { Deviation } from './shape.ts';

type Found = Pick<Deviation, 'kind' | 'what' | 'reason'>;

/** Everything in a journal that was not done as the runbook says, in order. */
export function deviationsOf(events: readonly Recorded[], index: Index): readonly Deviation[] {
  let step: string | undefined;
  const all: Deviation[] = [];
  for (const event of events) {
    if (event.type === 'step-entered') step = event.step;
    const found = deviation(event, index);
    if (!found) continue;
    const { time, operator } = event;
    all.push({ ...found, time, operator, ...(step === undefined ? {} : { step: index.stepTitle(step) }) });
  }
  return all;
}

function deviation(event: Recorded, index: Index): Found | undefined {
  switch (event.type) {
    case 'command-edited':
      // Looked at and kept is not changed; behind a mask anything may have been.
      if (event.text === index.text(event.command) && !event.text.includes(mask)) return undefined;
      return { kind: 'edited', what: `${index.name(event.command)} → ${firstLine(event.text)}` };
    case 'block-reread':
      return {
        kind: 'reread',
        what: `the block at line ${event.line} as ${event.role} instead of ${event.was}`,
        reason: `its reading was a guess: ${event.reason}`,
      };
    case 'part-skipped':
      return { kind: 'skipped', what: index.name(event.part), reason: event.reason };
    case 'step-skipped':
      return { kind: 'skipped', what: `step ${index.stepTitle(event.step)}`, reason: event.reason };
    case 'guard-overridden':
      return {
        kind: 'overridden',
        what: `${index.name(event.command)}, although ${event.refusal}`,
        reason: event.reason,
      };
    case 'command-done-by-hand':
      return { kind: 'by-hand', what: index.name(event.command), reason: event.note };
    case 'check-answered':
      if (event.answer === 'refused')
        return {
          kind: 'refused',
          what: index.name(event.part),
          ...(event.note ? { reason: event.note } : {}),
        };
      return event.unattended ? { kind: 'unattended', what: index.name(event.part) } : undefined;
    case 'manual-done':
      return event.unattended ? { kind: 'unattended', what: index.name(event.part) } : undefined;
    case 'command-interrupted':
      return { kind: 'interrupted', what: `${index.name(event.command)}, outcome unknown` };
    case 'run-taken-over':
      return {
        kind: 'taken-over',
        what: `from ${event.from} on ${event.lost}, without a handover; what was done there after the last fact that others saw is not in this record`,
        reason: event.reason,
      };
    case 'run-resumed':
      return { kind: 'resumed', what: `on ${event.host}` };
    case 'runbook-checked':
      if (event.same) return undefined;
      return {
        kind: 'runbook-changed',
        what: event.accepted === undefined ? 'while the run was going on' : 'and the run went on with it',
        ...(event.accepted === undefined ? {} : { reason: event.accepted }),
      };
    case 'identity-accepted':
      return {
        kind: 'server-changed',
        what: `to ${event.identity.address}, database ${event.identity.database}`,
        reason: event.reason,
      };
    case 'shell-closed':
      return { kind: 'shell', what: `a shell was open for ${spoken(event.durationMs / 1000)}` };
    default:
      return undefined;
  }
}
