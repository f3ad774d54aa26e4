/** What a run is for. `preview` runs nothing. */
export const modes = ['incident', 'drill', 'training', 'preview'] as const;

export type Mode = (typeof modes)[number];
