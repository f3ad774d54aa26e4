/** How long something is expected to take, in seconds. A single figure has `min === max`. */
export interface Estimate {
  readonly min: number;
  readonly max: number;
}
