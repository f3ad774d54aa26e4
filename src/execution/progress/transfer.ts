import { bytesOf, type LineReader } from './mark.ts';

/** `aws s3 cp`: `Completed 1.2 MiB/10.0 MiB (2.3 MiB/s) with 1 file(s) remaining`. */
export const readAws: LineReader = (line, before) => {
  const match = /Completed ([^/]+)\/(~?[^(]+?) \(([^/)]+)\/s\) with (.*?)(?: remaining)?(?:\s|$)/.exec(line);
  const done = match ? bytesOf(match[1]!) : undefined;
  if (!match || done === undefined) return before;
  const total = bytesOf(match[2]!);
  const rate = bytesOf(match[3]!);
  return {
    done,
    unit: 'bytes',
    words: /with (.*)$/.exec(line)![1]!.trim(),
    ...(total === undefined ? {} : { total }),
    ...(rate === undefined ? {} : { rate }),
  };
};

/** curl's meter: `% Total % Received % Xferd Average-Dload Upload Total Spent Left Current`, with units of 1024. */
const meter =
  /^\s*\d+\s+(\d[\d.]*[kMGTP]?)\s+\d+\s+(\d[\d.]*[kMGTP]?)\s+\d+\s+(\d[\d.]*[kMGTP]?)\s+\S+\s+\S+\s+[\d:-]+\s+[\d:-]+\s+[\d:-]+\s+(\d[\d.]*[kMGTP]?)\s*$/;

export const readCurl: LineReader = (line, before) => {
  const bar = /^#+\s+(\d+(?:\.\d+)?)%\s*$/.exec(line);
  if (bar) return { done: Number(bar[1]), total: 100, unit: 'percent', words: '' };
  const match = meter.exec(line);
  if (!match) return before;
  const [total, received, sent, rate] = match.slice(1).map(binary) as [number, number, number, number];
  return {
    done: Math.max(received, sent),
    unit: 'bytes',
    words: sent > received ? 'sent' : 'received',
    ...(total > 0 ? { total } : {}),
    rate,
  };
};

function binary(text: string): number {
  return bytesOf(/[kMGTP]$/.test(text) ? `${text}i` : text) ?? 0;
}
