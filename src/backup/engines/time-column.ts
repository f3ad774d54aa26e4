/** Names that teams give to the column that tells when a row came, the best first. */
const timeNames = [
  'created_at',
  'inserted_at',
  'occurred_at',
  'createdat',
  'created',
  'updated_at',
  'updatedat',
  'timestamp',
];

/** True for a column that is usually called so when it tells the time of a row. */
export function isTimeName(name: string): boolean {
  return timeNames.includes(name.toLowerCase());
}

/** Of the columns that can tell a time, the one with the best name; the first where none has a usual one. */
export function newestColumn<C extends { readonly name: string }>(
  columns: readonly C[],
  tellsTime: (column: C) => boolean,
): string | undefined {
  const times = columns.filter(tellsTime).map((one) => one.name);
  return timeNames.flatMap((name) => times.filter((one) => one.toLowerCase() === name))[0] ?? times[0];
}
