const units: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** Seconds of "90s", "30m", "1h", "1h30m", "2d"; undefined where the text is no duration. */
export function secondsOf(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*(min|[smhd])\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) return undefined;
  return parts.reduce((sum, [, figure, unit]) => sum + Number(figure) * units[unit!]!, 0);
}
