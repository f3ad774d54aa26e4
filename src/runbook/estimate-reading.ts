import type { Estimate } from './estimate.ts';

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const span =
  /(\d+(?:\.\d+)?)\s*(?:(s|sec|secs|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)?\s*(?:-|–|—|to|or)\s*(\d+(?:\.\d+)?)\s*)?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|days?|d)\b/i;

/** Reads a time such as "10–20 minutes", "~1h" or "within 30 minutes"; undefined where there is none. */
export function readEstimate(text: string): Estimate | undefined {
  const found = span.exec(text);
  if (!found) return undefined;
  const [, low = '', lowUnit, high, unit = ''] = found;
  const factor = seconds[unit[0]!.toLowerCase()]!;
  const lowFactor = lowUnit ? seconds[lowUnit[0]!.toLowerCase()]! : factor;
  const first = Number(low) * (high === undefined ? factor : lowFactor);
  const last = high === undefined ? first : Number(high) * factor;
  return { min: Math.min(first, last), max: Math.max(first, last) };
}

/** The estimate that a heading carries in brackets, and the heading without it. */
export function titleEstimate(title: string): { readonly title: string; readonly estimate?: Estimate } {
  const brackets = /\s*[([]\s*([^()[\]]*)[)\]]\s*$/.exec(title);
  if (!brackets) return { title };
  const inside = brackets[1]!.trim();
  if (
    !/^(?:about|ca\.?|approx\.?|~|≈|estimated:?|est\.?|takes|up to|max\.?|<|≤)?\s*\d[\d.\s–—-]*(?:\w+\s*(?:-|–|—|to)\s*\d+)?\s*(?:to \d+\s*)?\p{L}+\.?$/iu.test(
      inside,
    )
  )
    return { title };
  const estimate = readEstimate(inside);
  return estimate ? { title: title.slice(0, brackets.index).trim(), estimate } : { title };
}
