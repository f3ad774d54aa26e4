/** Seconds as a person says them: `0.4 s`, `38 s`, `1 min 52 s`, `2 h 5 min`, `3 d 4 h`. */
export function spoken(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const [large, small, unit, below] =
    whole < 3_600
      ? [60, 1, 'min', 's']
      : whole < 86_400
        ? [3_600, 60, 'h', 'min']
        : ([86_400, 3_600, 'd', 'h'] as const);
  const rest = Math.floor((whole % large) / small);
  return rest === 0
    ? `${Math.floor(whole / large)} ${unit}`
    : `${Math.floor(whole / large)} ${unit} ${rest} ${below}`;
}

/** Bytes with a decimal prefix: `812 B`, `18.4 MB`. */
export function spokenBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const written = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** `2026-11-20 03:12:07 UTC` of an ISO time; what is no time stays as it is. */
export function utc(time: string): string {
  // As the journal writes it, thousands of times in a long run: nothing to reckon.
  if (written.test(time)) return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `03:12:07` of an ISO time. */
export function clock(time: string): string {
  return utc(time).slice(11, 19);
}

/** The first line of a text, at most so many characters. */
export function firstLine(text: string, most = 100): string {
  const [line = '', ...more] = text.trim().split('\n');
  return line.length > most ? `${line.slice(0, most - 1)}…` : more.length > 0 ? `${line} …` : line;
}
