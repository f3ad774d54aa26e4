/** How many backups to keep of each period. Rules add up: a backup that any of them keeps is kept. */
export interface Policy {
  /** The newest n, whatever their age. */
  readonly last?: number;
  /** The newest of each of the last n days, ISO weeks, months, years (UTC) that have a backup. */
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
  /** Everything younger than this; ms. */
  readonly within?: number;
}

/** What retention needs to know of a backup. */
export interface Candidate {
  readonly name: string;
  readonly takenAt: Date;
  readonly verified: boolean;
  /** Why it must stay, where somebody said so. */
  readonly pinned?: string;
  /** Set where it may not be judged at all: no manifest, damaged, partial. */
  readonly exempt?: string;
}

export interface Judged<C extends Candidate = Candidate> {
  readonly backup: C;
  readonly keep: boolean;
  /** Each rule that keeps it; empty where nothing does. */
  readonly reasons: readonly string[];
}

const periods = [
  ['daily', (at: Date) => at.toISOString().slice(0, 10)],
  ['weekly', isoWeek],
  ['monthly', (at: Date) => at.toISOString().slice(0, 7)],
  ['yearly', (at: Date) => at.toISOString().slice(0, 4)],
] as const;

/** True where a policy keeps nothing by itself; such a policy is refused. */
export function isEmpty(policy: Policy): boolean {
  return Object.values(policy).every((value) => value === undefined || value <= 0);
}

/**
 * Which backups of one target stay, by restic's rules: of each calendar period the newest, only periods that have a
 * backup count, rules add up, a backup from the future neither counts nor goes. Beyond the rules the newest backup, the
 * newest verified one, pinned ones and those that can't be judged always stay. Pure; the order of the input does not
 * matter; the result is by time, the newest first. Throws a `RangeError` for an empty policy.
 */
export function judgeRetention<C extends Candidate>(
  backups: readonly C[],
  policy: Policy,
  now: Date,
): Judged<C>[] {
  if (isEmpty(policy)) throw new RangeError('A retention policy that keeps nothing is refused.');
  const sorted = [...backups].sort(
    (a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (a.name < b.name ? 1 : a.name > b.name ? -1 : 0),
  );
  const reasons = new Map<string, string[]>(sorted.map((one) => [one.name, []]));
  const keep = (one: Candidate, reason: string) => reasons.get(one.name)!.push(reason);

  for (const one of sorted) {
    if (one.pinned !== undefined) keep(one, `pinned: ${one.pinned}`);
    if (one.exempt !== undefined) keep(one, one.exempt);
    if (one.takenAt > now) keep(one, 'from the future');
  }
  const counted = sorted.filter((one) => one.exempt === undefined && one.takenAt <= now);
  const [newest] = counted;
  if (newest !== undefined) keep(newest, 'the newest');
  const verified = counted.find((one) => one.verified);
  if (verified !== undefined) keep(verified, 'the newest verified');
  for (const one of counted.slice(0, policy.last ?? 0)) keep(one, 'last');
  for (const one of counted)
    if (
      policy.within !== undefined &&
      policy.within > 0 &&
      now.getTime() - one.takenAt.getTime() < policy.within
    )
      keep(one, 'within');
  for (const [name, periodOf] of periods) {
    const seen = new Set<string>();
    for (const one of counted) {
      if (seen.size >= (policy[name] ?? 0)) break;
      const period = periodOf(one.takenAt);
      if (seen.has(period)) continue;
      seen.add(period);
      keep(one, `${name} ${period}`);
    }
  }
  return sorted.map((backup) => {
    const why = reasons.get(backup.name)!;
    return { backup, keep: why.length > 0, reasons: why };
  });
}

/** ISO 8601 week, like `2026-W01`: weeks begin on Monday and belong to the year of their Thursday. */
function isoWeek(at: Date): string {
  const thursday = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / (7 * 24 * 3_600_000)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}
