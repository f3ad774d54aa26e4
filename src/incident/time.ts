/**
 * The time that an answer begins with, as ISO 8601, read as UTC where it names no zone: `2026-11-20 03:05`,
 * `2026-11-20T03:05:10Z`, `2026-11-20T04:05+01:00`, or `03:05`, the last such time before `reference`. Undefined
 * where it begins with none, or with one after the reference: nothing is noticed after it was acted upon.
 */
export function timeIn(answer: string | undefined, reference: string): string | undefined {
  const match = answer === undefined ? null : form.exec(answer.trim());
  if (!match) return undefined;
  const [, day, time, zone] = match;
  const named = zone?.toUpperCase();
  const suffix = named === undefined || named === 'UTC' ? 'Z' : named;
  const full = time!.length === 4 ? `0${time}` : time!;
  const on = (date: string): number => Date.parse(`${date}T${full}${suffix}`);
  const latest = Date.parse(reference);
  const at = day === undefined ? on(reference.slice(0, 10)) : on(day);
  const found = day === undefined && at > latest ? at - 86_400_000 : at;
  return Number.isNaN(found) || found > latest ? undefined : new Date(found).toISOString();
}

const form =
  /^(?:(\d{4}-\d\d-\d\d)[T ])?(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s?(Z|UTC|[+-]\d\d:\d\d)?(?![\d:])/i;
