import type { Item } from '../runbook/choice.ts';
import type { Part } from '../runbook/part.ts';
import type { Procedure } from '../runbook/procedure.ts';
import type { Step } from '../runbook/step.ts';
import { partName, stepName } from './wording.ts';

/** Names for the ids that events carry. An id that the procedure does not have stands for itself. */
export interface Index {
  step(id: string): Step | undefined;
  stepTitle(id: string): string;
  name(part: string): string;
  /** A command as the runbook has it; undefined for what is none. */
  text(command: string): string | undefined;
  option(choice: string, option: string): string;
  choiceTitle(choice: string): string;
  optionTitle(choice: string, option: string): string;
}

/** Reads every step, part and choice of a procedure once, taken or not. */
export function indexOf(procedure: Procedure): Index {
  const steps = new Map<string, Step>();
  const names = new Map<string, string>();
  const texts = new Map<string, string>();
  const choices = new Map<string, string>();
  const options = new Map<string, string>();
  const addChoice = (choice: {
    id: string;
    title: string;
    options: readonly { id: string; title: string }[];
  }) => {
    choices.set(choice.id, choice.title);
    for (const option of choice.options) options.set(`${choice.id}\n${option.id}`, option.title);
  };
  const addParts = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.kind === 'choice') {
        addChoice(part);
        for (const option of part.options) addParts(option.parts);
      } else if ('id' in part) names.set(part.id, partName(part));
      if (part.kind === 'command') texts.set(part.id, part.text);
    }
  };
  const addItems = (items: readonly Item[]): void => {
    for (const item of items) {
      if (item.kind === 'choice') {
        addChoice(item);
        for (const option of item.options) addItems(option.items);
      } else {
        steps.set(item.id, item);
        addParts(item.parts);
      }
    }
  };
  addItems(procedure.items);
  const choiceTitle = (id: string) => choices.get(id) ?? id;
  const optionTitle = (choice: string, id: string) => options.get(`${choice}\n${id}`) ?? id;
  return {
    step: (id) => steps.get(id),
    stepTitle: (id) => {
      const step = steps.get(id);
      return step ? stepName(step) : id;
    },
    name: (id) => names.get(id) ?? id,
    text: (id) => texts.get(id),
    choiceTitle,
    optionTitle,
    option: (choice, id) => `${optionTitle(choice, id)} (${choiceTitle(choice).replace(/[?:\s]+$/, '')})`,
  };
}
