/**
 * A half-open span of a runbook's source text. Offsets are UTF-16 code units, so that
 * `source.slice(start, end)` gives the text back; lines and columns count from 1.
 */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
