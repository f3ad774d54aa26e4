import { readEstimate } from './estimate-reading.ts';
import type { Criterion, Measure } from './part.ts';

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** A criterion from a text that is known to be one. */
export function criterionOf(text: string): Omit<Criterion, 'id' | 'range'> {
  const plain = text.replace(/^[\s✅☑✔✓•*-]+/u, '').trim();
  const measure = measureOf(plain);
  return { kind: 'criterion', text: plain, ...(measure && { measure }) };
}

/** What of a criterion can be measured: a file's size, a duration, record counts. */
export function measureOf(text: string): Measure | undefined {
  const size =
    /(?:>|>=|≥|at least|more than|larger than|bigger than|over)\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b|b|bytes)\b/i.exec(
      text,
    );
  if (size && /\b(?:file|size|backup|dump|archive)\b/i.test(text))
    return { of: 'file-size', atLeastBytes: Number(size[1]) * (units[size[2]!.toLowerCase()] ?? 1) };
  if (
    /\b(?:file|size|dump|backup)\b.*(?:>\s*0|(?:not|n't) be (?:0|empty|zero)|non-?(?:empty|zero))(?!\s*[%.\d])/i.test(
      text,
    )
  )
    return { of: 'file-size', atLeastBytes: 1 };
  const limit =
    /(?:<|<=|≤|within|under|less than|at most|no more than)\s*(\d+(?:\.\d+)?\s*(?:s|sec|seconds?|min|minutes?|h|hours?))\b/i.exec(
      text,
    );
  if (limit && /\b(?:complet\w+|takes?|restor\w+|finish\w*|duration|done|runs?)\b/i.test(text)) {
    const estimate = readEstimate(limit[1]!);
    if (estimate) return { of: 'duration', atMostSeconds: estimate.max };
  }
  if (
    /\b(?:record|row)s?\b.*\bcounts?\b|\bcounts?\b.*\b(?:match|equal)/i.test(text) &&
    /\b(?:match|equal|same|within)/i.test(text)
  ) {
    const share = /±\s*(\d+(?:\.\d+)?)\s*%|within\s+(\d+(?:\.\d+)?)\s*%/i.exec(text);
    return { of: 'record-counts', tolerance: share ? Number(share[1] ?? share[2]) / 100 : 0 };
  }
  return undefined;
}

/** Sentences of a text that say what must hold: "File should be > 1MB", "you should see …". */
export function criteriaIn(text: string): readonly Omit<Criterion, 'id' | 'range'>[] {
  const state = /^(?:state|expected (?:state|results?|outcome)):\s+(?=\S)/i.exec(text)?.[0].length;
  if (state && text.length < 1000) return [criterionOf(text.slice(state))];
  if (text.length > 2000 || !/\b(?:should|must|expect)/i.test(text)) return [];
  const out: Omit<Criterion, 'id' | 'range'>[] = [];
  const inner = /^([^()]{3,60})\((should (?:not )?(?:be|show|return|contain|match|have)\b[^)]*)\)\s*$/i.exec(
    text,
  );
  if (inner)
    return [criterionOf(`${inner[1]!.trim().replace(/^(?:check|verify)\s+(?:the\s+)?/i, '')} ${inner[2]}`)];
  for (const sentence of text.split(/(?<=[.!?])\s+(?=[A-Z])/)) {
    const states =
      /^(?:you|we) should (?:now |then |also )?(?:see|get|find)\b/i.test(sentence) ||
      // "… should be removed too" asks for something.
      (!/\b(?:should|must) be \w+ed (?:too|as well)\W*$/i.test(sentence) &&
        /^(?:it|this|that|the|each|all|every|file|output|result|response|status|count|expected?)\b[^.]{0,70}\b(?:should|must) (?:now |all |also )?(?:not )?(?:be\b|show|return|print|contain|match|report|equal|have\b|say|output|exit|succeed|display)/i.test(
          sentence,
        )) ||
      /^(?:expected|expect)\b\s*(?:output|result|value|to see|:)/i.test(sentence) ||
      measureOf(sentence) !== undefined;
    if (states && sentence.length < 240 && !/:\s*$/.test(sentence))
      out.push(criterionOf(sentence.replace(/\.$/, '')));
  }
  return out;
}
