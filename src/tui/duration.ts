import type { Estimate } from '../runbook/estimate.ts';

/** Milliseconds as `00:14:22`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Milliseconds in the two largest units that matter: `0.4s`, `38s`, `1m52s`, `1h05m`. */
export function brief(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(Math.max(0, milliseconds) / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) {
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)}m${rest ? `${String(rest).padStart(2, '0')}s` : ''}`;
  }
  const minutes = Math.floor(seconds / 60) % 60;
  return `${Math.floor(seconds / 3600)}h${minutes ? `${String(minutes).padStart(2, '0')}m` : ''}`;
}

/** An estimate (seconds) as `1–3s` or `20m`. */
export function expectation({ min, max }: Estimate): string {
  const [from, to] = [brief(min * 1000), brief(max * 1000)];
  if (min === max) return to;
  // "20–30m", but "30s–2m".
  const sameUnit = /^\d+[smh]$/.test(from) && /^\d+[smh]$/.test(to) && from.at(-1) === to.at(-1);
  return `${sameUnit ? from.slice(0, -1) : from}–${to}`;
}

/** `14:22:07` in UTC, out of an ISO 8601 time. */
export function timeOfDay(iso: string): string {
  return /T(\d\d:\d\d:\d\d)/.exec(iso)?.[1] ?? iso;
}

/** `2026-11-20 14:22` in UTC, out of an ISO 8601 time. */
export function dayAndTime(iso: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso);
  return found ? `${found[1]} ${found[2]}` : iso;
}

/** Bytes as `812 B`, `1.4 MB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
