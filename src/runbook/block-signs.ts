/** The first lines of logical lines: a line behind a backslash, or inside an open quote, is not counted. */
export function logicalHeads(lines: readonly string[]): readonly string[] {
  const heads: string[] = [];
  let continued = false;
  let quote = false;
  for (const line of lines) {
    if (!continued && !quote) heads.push(line);
    const quotes =
      line
        .replace(/\\./g, '')
        .replace(/'[^']*'/g, '')
        .match(/"/g)?.length ?? 0;
    if (quotes % 2 === 1) quote = !quote;
    continued = /\\\s*$/.test(line) || /[|&]\s*$/.test(line) || (/^\s+-/.test(line) && continued);
  }
  return heads;
}

/** True where the words right before a block say that it shows what a command prints. */
export function announcesOutput(before: string): boolean {
  const words = before
    .slice(-160)
    .replace(/\s+/g, ' ')
    .replace(/["'*_`\s:.]+$/, '');
  if (
    /\b(?:run|use|execute|type|enter)\b[^.]*$/i.test(words) &&
    !/\b(?:outputs?|prints?|returns?|look like)\b[^.]*$/i.test(words)
  )
    return false;
  return (
    (/(?:^|[\s"(])(?:sample |example |expected |actual )?(?:outputs?|results?|response)(?: (?:is|should|will|looks?|might|may|similar|of|from|would|example)\b.*)?$/i.test(
      words,
    ) &&
      !/\b(?:the|this|its) (?:outputs?|results?) (?:to|into)\b/i.test(words)) ||
    (/\b(?:should|will|would|may|might|you'll|you)\s+(?:now |then |also )?(?:prints?|returns?|see|get|looks?)\b[^.]*(?:like|following|similar|output|this|:)?$/i.test(
      words,
    ) &&
      !/\byou see (?:how|what|if|whether)\b/i.test(words)) ||
    /\b(?:similar to|look(?:s|ing)? (?:something )?like)\b[^.]*$/i.test(words) ||
    /\b(?:prints?|outputs?|returns?|shows?)(?: something)?(?: (?:like|the following|this))?$/i.test(words)
  );
}

/** True for a line of a crontab. */
export function isCrontab(line: string): boolean {
  return /^\s*(?:@(?:reboot|hourly|daily|weekly|monthly|yearly)\s+\S|(?:[\d*/,-]+\s+){2}[\d*/,-]+\s+(?:[\d*/,-]+|[A-Za-z]{3})\s+(?:[\d*/,-]+|[A-Za-z,-]{3,})\s+\S)/.test(
    line,
  );
}

/** True where most lines start with a time or a severity, as logs do. */
export function looksLikeLog(lines: readonly string[]): boolean {
  const stamped = lines.filter((line) =>
    /^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:|\[[^\]]{2,30}\]\s|\w{3} +\d+ \d\d:\d\d|\d\d:\d\d:\d\d|(?:INFO|WARN|ERROR|DEBUG|FATAL|LOG|NOTICE)\b|[IWEF]\d{4} |\{"(?:level|ts|time|timestamp|log))/.test(
      line,
    ),
  );
  return stamped.length > 0 && stamped.length >= lines.length / 2;
}

/** Tables, rows and messages: what programs print. */
export function looksPrinted(line: string): boolean {
  return (
    /^\s*\.\.\.\s*$|^\s*[\w.-]+\s+\d{4}-\d\d-\d\dT\d\d:/.test(line) ||
    (/^\s*[|+]|[-=]{5,}\s*$|^\s*\(\d+ rows?\)|\S\s{3,}\S+\s{3,}\S|^[A-Z]+(?:\s{2,}[A-Z]+)+|^\w+:\s+\S.*[^\\]$|^(?:Error|ERROR|WARNING|Warning|INFO|NAME)\b/.test(
      line,
    ) &&
      !/[|]\s*(?:grep|awk|sed|jq|head|tail|xargs|wc)\b/.test(line))
  );
}

/** True where the lines are a form: a name, a colon, and what is to be filled in. */
export function isTemplate(lines: readonly string[]): boolean {
  const forms = lines.filter((line) =>
    /^[\w /()*-]{2,40}:\s*(?:\[[^\]]+\]|YYYY|X \w+|<[^>]+>|_{3,}|$)/.test(line.trim()),
  );
  return lines.length >= 3 && forms.length >= lines.length / 2;
}

/** True for a line like a command of a program that is not known: `gearctl promote --force node-2`. */
export function hasOptions(line: string): boolean {
  return (
    line.length < 1000 &&
    /^\s*[a-z][\w.-]*(?:\s+[\w./@:-]+){0,3}\s+--?[a-z][\w-]*(?:[ =]|$)/.test(line) &&
    !/[.!?:,;]\s*$|[.:!?]\s+\w+\s/.test(line)
  );
}

/** True for `make` and `make dev` on a line of a block, where words like it would be a sentence elsewhere. */
export function isMakeTarget(line: string): boolean {
  return /^\s*make(?:\s+(?!sure\b|certain\b|it\b|them\b|an?\b|the\b|your\b)[a-z][\w.-]*)?\s*(?:\s#.*)?$/.test(
    line,
  );
}

/** The file that a comment on the first line names. */
export function namedInside(lines: readonly string[]): string | undefined {
  return /^\s*(?:#|\/\/|<!--|;|--)\s*((?:[\w@.~-]*\/)*[\w@.-]+\.[A-Za-z]\w{0,9})\s*(?:-->)?\s*$/.exec(
    lines[0] ?? '',
  )?.[1];
}

/** The script that the words before a block name. */
export function scriptName(before: string): string | undefined {
  return /(?:^|[\s`'"(])((?:[\w@.~-]*\/)*[\w@.-]+\.(?:sh|bash|py|rb))\b/.exec(before)?.[1];
}
