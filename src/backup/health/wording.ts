/** `3 d 4 h`, `5 h 10 min`, `4 min`, `12 s`: the two largest units; for ages and durations in ms. */
export function ageText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ];
  const minutes = Math.round(seconds / 60) * 60;
  const at = units.findIndex(([, size]) => minutes >= size);
  const [name, size] = units[at]!;
  const next = units[at + 1];
  const rest = next === undefined ? 0 : Math.floor((minutes % size) / next[1]);
  return `${Math.floor(minutes / size)} ${name}${rest === 0 ? '' : ` ${rest} ${next![0]}`}`;
}

/** `1.5 GB`; decimal units, as disks and bills have them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

/** `+12%`, `-3%`, `±0%`. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent > 0 ? '+' : percent === 0 ? '±' : ''}${percent}%`;
}

/** A row of bars, one a value, the greatest as high as a line; an empty text for no values. */
export function sparkline(values: readonly number[]): string {
  const bars = '▁▂▃▄▅▆▇█';
  const most = Math.max(...values, 0);
  return values
    .map((value) => bars[most === 0 ? 0 : Math.min(7, Math.floor((Math.max(0, value) / most) * 7.999))])
    .join('');
}
