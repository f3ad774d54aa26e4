import type { Bench } from './bench.ts';
import type { BlockReading } from './block-reading.ts';
import { isWholeCommand } from './doing-words.ts';
import { type ExcerptLine, excerptOf } from './excerpt.ts';
import type { Part } from './part.ts';
import { asksToDo } from './wording.ts';

/** Comments that no command follows: things to do by hand, criteria, or words. */
export function commentParts(
  bench: Bench,
  reading: BlockReading,
  lines: readonly ExcerptLine[],
  chosen: boolean,
): readonly Part[] {
  const criteria = lines.flatMap((line) => bench.criterionLine(line));
  if (criteria.length > 0 && lines.length === criteria.length) return criteria;
  const texts = lines.map((line) => line.text).filter((text) => text !== '');
  if (texts.length === 0) return [];
  const whole = bench.excerptRange(excerptOf(lines));
  const offered = lines.length === 1 ? commentedCommand(bench, reading, lines[0]!) : undefined;
  if (offered) return [offered];
  const items = lines.filter((line) => /^(?:[-*•]|\d+[.)])\s+/.test(line.text));
  if (items.length > 0) {
    const header = lines.find((line) => !items.includes(line))?.text.replace(/:\s*$/, '');
    const plain = items.map((line) => line.text.replace(/^(?:[-*•]|\d+[.)])\s+/, ''));
    const doing = plain.filter(asksToDo).length >= plain.length / 2;
    if (doing || (header && asksToDo(header)))
      return [
        ...items.map(
          (line, index): Part => ({
            kind: 'manual',
            id: bench.name('manual'),
            text: doing || !header ? plain[index]! : `${header}: ${plain[index]}`,
            range: bench.excerptRange(excerptOf([line])),
          }),
        ),
        ...criteria,
      ];
  }
  const text = texts.join(' ');
  const rest = chosen ? texts.slice(1).filter((one) => asksToDo(one)) : [];
  if (rest.length > 0 && rest.length === texts.length - 1)
    return [
      ...lines
        .slice(1)
        .filter((line) => line.text !== '')
        .map(
          (line): Part => ({
            kind: 'manual',
            id: bench.name('manual'),
            text: line.text,
            range: bench.excerptRange(excerptOf([line])),
          }),
        ),
      ...criteria,
    ];
  if (chosen || texts.some(asksToDo))
    return [
      {
        kind: 'manual',
        id: bench.name('manual'),
        text: text.replace(/^(?:(?:or|alternatively)\b|(?:option|method) \w+:)[,:]?\s*/i, ''),
        range: whole,
      },
      ...criteria,
    ];
  return [{ kind: 'prose', markdown: texts.join('\n'), range: whole }, ...criteria];
}

/** `# or: sudo apt-get install awscli  # Linux`: a command that stands behind a comment sign. */
function commentedCommand(bench: Bench, reading: BlockReading, line: ExcerptLine): Part | undefined {
  const lead = /^(?:or|alternatively)\b\s*[:,]?\s*/i.exec(line.text)?.[0].length ?? 0;
  const rest = line.text.slice(lead).replace(/\s+#.*$/, '');
  if (!isWholeCommand(rest) || /[.:]$/.test(rest) || !/(?:\s-|\/|=|sudo |install )/.test(rest))
    return undefined;
  const caption = /\s#\s*(.*)$/.exec(line.text)?.[1];
  return bench.command(excerptOf([{ text: rest, at: line.at < 0 ? -1 : line.at + lead }]), 'shell', {
    hints: reading.info.hints,
    block: reading.block.id,
    offered: true,
    guess: { reason: 'it stands in a comment', otherwise: 'words' },
    ...(caption && { caption }),
  });
}
