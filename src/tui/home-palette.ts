import type { Opening } from './home-rows.ts';
import type { HomeContent } from './house.ts';
import type { PaletteItem } from './palette.ts';

/** What there is to find from home: unfinished runs, runbooks, their procedures, entries. */
export function homePalette(content: HomeContent, open: (opening: Opening) => void): readonly PaletteItem[] {
  return [
    ...content.unfinished.map(
      ({ run, title, mode, at }): PaletteItem => ({
        key: `resume/${run}`,
        kind: 'resume',
        label: title,
        detail: `${mode} · ${at}`,
        act: () => open({ kind: 'resume', run }),
      }),
    ),
    ...(content.drills ?? []).map(
      ({ target, words }): PaletteItem => ({
        key: `due-drill/${target}`,
        kind: 'drill',
        label: `Drill ${target}`,
        detail: words,
        act: () => open({ kind: 'due-drill', target }),
      }),
    ),
    ...content.runbooks.flatMap(({ path, title, catalogue }): readonly PaletteItem[] => [
      {
        key: `runbook/${path}`,
        kind: 'runbook',
        label: title,
        detail: path,
        act: () => open({ kind: 'runbook', path }),
      },
      ...(catalogue && catalogue.procedures.length > 1 ? catalogue.procedures : []).map((procedure) => ({
        key: `procedure/${path}/${procedure.id}`,
        kind: 'procedure',
        label: procedure.title,
        detail: title,
        act: () => open({ kind: 'runbook', path, procedure: procedure.id }),
      })),
    ]),
    ...content.entries.map(
      ({ path, title, outcome, at }): PaletteItem => ({
        key: `entry/${path}`,
        kind: 'entry',
        label: title,
        detail: `${outcome} · ${at.slice(0, 10)}`,
        act: () => open({ kind: 'entry', path }),
      }),
    ),
  ];
}
