import { createContext, useContext } from 'react';
import type { Gate } from './gate.ts';
import type { House, Training } from './house.ts';
import type { Binding } from './keymap.ts';
import type { Frame } from './reflow.ts';
import type { Theme } from './theme.ts';

/** What every component may know of the screen that it is on. */
export interface Ui {
  readonly columns: number;
  readonly rows: number;
  /** The window cannot hold the screens: nothing but leaving is possible. */
  readonly tooSmall: boolean;
  readonly theme: Theme;
  readonly gate: Gate;
  readonly house: House;
  /** Told by whoever draws a frame, for the next resize. */
  readonly frame: Frame;
  /** Shows an error's sentence at the foot of the screen until the next key that acts; undefined takes it away. */
  readonly fail: (error: unknown) => void;
  readonly trouble: string | undefined;
  /** Says what was done, at the foot of the screen until the next key that acts. */
  readonly say: (words: string) => void;
  readonly notice: string | undefined;
  /** The keymap with the operator's own keys. */
  readonly keymap: readonly Binding[];
  /** The training that is going on, if any. */
  readonly training?: Training | undefined;
}

const context = createContext<Ui | undefined>(undefined);

export const UiProvider = context.Provider;

/** The screen's surroundings. Throws where there are none, which is a defect of the caller. */
export function useUi(): Ui {
  const ui = useContext(context);
  if (!ui) throw new Error('a component was drawn outside of the application');
  return ui;
}

/** The smallest window that the screens are made for. */
export const smallest = { columns: 60, rows: 20 } as const;
