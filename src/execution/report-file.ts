import { readFile } from 'node:fs/promises';

/** More than any honest report; what is beyond is not read. */
const mostBytes = 1024 * 1024;

/** The JSON lines of a report file, as values. Lines that are not JSON are told in `faults` and left out. */
export async function readReports(path: string, faults: string[]): Promise<unknown[]> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > mostBytes)
      faults.push(`Only the first ${mostBytes} bytes of the command's report were read.`);
    text = bytes.subarray(0, mostBytes).toString('utf8');
  } catch (error) {
    faults.push(`The command's report could not be read: ${(error as Error).message}`);
    return [];
  }
  const reports: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      reports.push(JSON.parse(line));
    } catch {
      faults.push('A line of the command’s report was not JSON and was left out.');
    }
  }
  return reports;
}
