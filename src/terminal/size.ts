/** A terminal's size in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The size of an output; 80 × 24 where it has none. COLUMNS and LINES count where it is no terminal. */
export function sizeOf(
  output: { readonly columns?: number; readonly rows?: number },
  environment: NodeJS.ProcessEnv = process.env,
): Size {
  return {
    columns: positive(output.columns) ?? positive(Number(environment.COLUMNS)) ?? 80,
    rows: positive(output.rows) ?? positive(Number(environment.LINES)) ?? 24,
  };
}

function positive(number: number | undefined): number | undefined {
  return number !== undefined && Number.isInteger(number) && number > 0 ? number : undefined;
}
