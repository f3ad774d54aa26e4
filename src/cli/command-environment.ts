import { secretVariable } from '../run/prepare.ts';
import type { RunState } from '../run/state.ts';
import type { Surroundings } from './surroundings.ts';

/** The variables that a command of the run gets: those of the target, the inputs, and secrets under their own names. */
export function environmentOf(state: RunState, { base, secretOf }: Surroundings): Record<string, string> {
  const { variables } = state.started.procedure;
  const named = Object.entries(state.inputs).flatMap(([name, input]): [string, string][] => {
    const value = input.secret ? secretOf(name) : input.value;
    if (value === undefined) return [];
    const isVariable = input.withheld || variables.some((variable) => variable.name === name);
    const asVariable: [string, string][] = isVariable ? [[name, value]] : [];
    return input.secret ? [...asVariable, [secretVariable(name), value]] : asVariable;
  });
  return { ...base, ...Object.fromEntries(named) };
}
