import { planned } from '../run/plan.ts';
import type { RunState } from '../run/state.ts';
import type { Symptom } from '../runbook/runbook.ts';
import { withoutSecrets } from './command-lines.ts';
import type { Handlers } from './hooks/use-keys.ts';
import type { HomeContent, StepLink } from './house.ts';
import type { Binding, Context } from './keymap.ts';
import type { Overlay } from './overlay.ts';
import type { PaletteItem } from './palette.ts';
import { actionItems } from './palette-actions.ts';
import type { Readings } from './readings.ts';
import { stepWords } from './step-look.ts';

export interface RunPalette {
  readonly state: RunState;
  readonly readings: Readings;
  readonly context: Context;
  readonly handlers: Handlers;
  readonly keymap: readonly Binding[];
  readonly unicode: boolean;
  readonly links: readonly StepLink[];
  readonly symptoms: readonly Symptom[];
  readonly runbooks: HomeContent['runbooks'];
  readonly show: (overlay: Overlay | undefined) => void;
}

/** What there is to find from a run: actions that are possible now, steps, outputs, remedies, other runbooks. */
export function runPalette(from: RunPalette): readonly PaletteItem[] {
  return [
    ...actionItems(from.context, from.handlers, from.keymap, from.unicode, () => from.show(undefined)),
    ...stepItems(from),
    ...outputItems(from),
    ...from.symptoms.map(
      (symptom, index): PaletteItem => ({
        key: `remedy/${index}`,
        kind: 'remedy',
        label: symptom.title,
        detail: '',
        act: () => from.show({ kind: 'remedy', symptom }),
      }),
    ),
    ...linkItems(from),
  ];
}

function stepItems({ state, readings, show }: RunPalette): readonly PaletteItem[] {
  return planned(state.started.procedure.items, state.options).flatMap((item, index) =>
    item.kind === 'step'
      ? [
          {
            key: `step/${item.id}`,
            kind: 'step',
            label: `${item.number ?? index + 1} ${item.title}`,
            detail: stepWords(state, readings, item),
            act: () => show({ kind: 'step', step: item.id }),
          },
        ]
      : [],
  );
}

function outputItems({ state, show }: RunPalette): readonly PaletteItem[] {
  return Object.entries(state.parts).flatMap(([command, { attempts }]) =>
    attempts.map(({ attempt, text, finished }) => ({
      key: `output/${command}/${attempt}`,
      kind: 'output',
      label: withoutSecrets(text).trim().split('\n')[0]!,
      detail: `try ${attempt}, ${finished?.verdict ?? 'not ended'}`,
      act: () => show({ kind: 'output', command, attempt }),
    })),
  );
}

/** Runbooks that this one links to, and all the others that are known; a run is not left for them unasked. */
function linkItems({ links, runbooks, state, show }: RunPalette): readonly PaletteItem[] {
  const own = state.started.runbook.path;
  const here = { start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
  return [
    ...links.map((link) => ({
      key: `link/${link.url}`,
      kind: 'link',
      label: link.text || link.url,
      detail: link.problem ?? link.url,
      act: () => show({ kind: 'linked', link }),
    })),
    ...runbooks
      .filter(({ path }) => path !== own)
      .map(({ path, title }) => ({
        key: `runbook/${path}`,
        kind: 'runbook',
        label: title,
        detail: path,
        act: () =>
          show({ kind: 'linked', link: { text: title, url: path, path, range: here, outside: false } }),
      })),
  ];
}
