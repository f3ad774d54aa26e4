import { pointsOf } from '../run/elsewhere.ts';
import type { Intent } from '../run/intent.ts';
import type { RunState } from '../run/state.ts';
import type { Command, ConfigurationFile } from '../runbook/part.ts';
import type { Question } from './overlay.ts';

/** The texts that a run asks its operator for. Each makes an intent; whether it is good enough is decided there. */
export const asking = {
  skip: (part: string): Question => ({
    id: `skip/${part}`,
    title: 'Why is it skipped?',
    intent: (reason) => ({ type: 'skip-part', part, reason }),
  }),
  skipStep: (): Question => ({
    id: 'skip-step',
    title: 'Why is the whole step skipped?',
    intent: (reason) => ({ type: 'skip-step', reason }),
  }),
  byHand: (command: string): Question => ({
    id: `by-hand/${command}`,
    title: 'What was done by hand?',
    intent: (note) => ({ type: 'by-hand', command, note }),
  }),
  note: (): Question => ({ id: 'note', title: 'Note', intent: (text) => ({ type: 'note', text }) }),
  edit: (command: string, text: string): Question => ({
    id: `edit/${command}`,
    title: 'The command as it shall run. Nothing runs yet.',
    initial: text,
    multiline: true,
    intent: (edited) => ({ type: 'edit', command, text: edited }),
  }),
  settle: (as: 'succeeded' | 'failed'): Question => ({
    id: `settle/${as}`,
    title:
      as === 'succeeded'
        ? 'It took effect. How did you find out?'
        : 'It did not take effect. How did you find out?',
    intent: (note) => ({ type: 'settle', as, note }),
  }),
  acceptRunbook: (): Question => ({
    id: 'accept-runbook',
    title: 'Why is the changed runbook right for this run? The run keeps the procedure that it began with.',
    intent: (reason) => ({ type: 'accept-runbook', reason }),
  }),
  acceptIdentity: (): Question => ({
    id: 'accept-identity',
    title: 'Why is this server the right one?',
    intent: (reason) => ({ type: 'accept-identity', reason }),
  }),
  override: (intent: Extract<Intent, { type: 'run' }>, refusal: string): Question => ({
    id: `override/${intent.command}`,
    title: `Overriding: ${refusal}. Why?`,
    intent: (reason) => ({ ...intent, confirmation: { by: 'override', reason } }),
  }),
  saveFile: (file: ConfigurationFile): Question => ({
    id: `save/${file.id}`,
    title: 'Write the file where?',
    initial: file.name,
    intent: (path) => ({ type: 'save-file', part: file.id, path }),
  }),
  handOver: (): Question => ({
    id: 'hand-over',
    title: 'Who takes over?',
    intent: (to) => ({ type: 'hand-over', to }),
  }),
  finish: (outcome: 'failed' | 'abandoned'): Question => ({
    id: `finish/${outcome}`,
    title: outcome === 'failed' ? 'Why did it fail?' : 'Why is it abandoned?',
    intent: (reason) => ({ type: 'finish', outcome, ...(reason.trim() ? { reason } : {}) }),
  }),
  value: (state: RunState, command: Command, name: string): Question => {
    const { placeholders, variables } = state.started.procedure;
    const wanted = [...placeholders, ...variables].find((input) => input.name === name);
    const withheld = state.inputs[name]?.withheld === true;
    const secret = withheld || wanted?.value === 'secret' || wanted?.value === 'url';
    const text = wanted?.kind === 'placeholder' ? wanted.text : `$${name}`;
    return {
      id: `value/${command.id}/${name}`,
      title: `Value for ${text}`,
      // A URL is as secret as the password that may stand in it.
      secret,
      required: true,
      intent: (value) => {
        const points = pointsOf(value);
        return {
          type: 'give',
          name,
          value,
          secret,
          source: 'operator',
          ...(points ? { points } : {}),
        };
      },
    };
  },
};
