import type { RootContent, Table } from 'mdast';
import { isWholeCommand } from './doing-words.ts';
import type { DraftStep } from './draft.ts';
import { endOf, startOf } from './section.ts';
import { isCheatSheet } from './section-kind.ts';
import { isReferenceTitle } from './section-title.ts';
import { plainText, shorten } from './wording.ts';

/**
 * True for a table that says what to run: a column of commands behind what they are for, below a title that does not
 * make it one to look up. A table that starts with its commands explains them.
 */
export function isDoingTable(table: Table, title: string): boolean {
  const [header] = table.children;
  const named = header?.children
    .slice(1)
    .some((cell) => /^(?:commands?|run|what to run|how)$/i.test(plainText(cell)));
  if (!named || isReferenceTitle(title) || isCheatSheet(title)) return false;
  return table.children.slice(1).some((row) => row.children.some(holdsCommand));
}

/** A table whose first column numbers or names its steps, a step a row; undefined for any other. */
export function rowSteps(table: Table): readonly DraftStep[] | undefined {
  const [header, ...rows] = table.children;
  const first = header?.children[0];
  if (!first || !/^(?:#|no\.?|nr\.?|steps?|order)$/i.test(plainText(first)) || rows.length < 2)
    return undefined;
  return rows.map((row): DraftStep => {
    const number = /^(?:step\s+)?(\d{1,3})\.?$/i.exec(plainText(row.children[0]))?.[1];
    const words = row.children.slice(number ? 1 : 0);
    const named = words.find((cell) => !holdsCommand(cell) && plainText(cell) !== '') ?? words[0];
    return {
      kind: 'step',
      title: shorten(named ? plainText(named) : '', 90) || `Row ${number ?? ''}`.trim(),
      start: startOf(row as unknown as RootContent),
      end: endOf(row as unknown as RootContent),
      materials: words
        .filter((cell) => cell !== named || holdsCommand(cell))
        .filter((cell) => plainText(cell) !== '')
        .map(
          (cell): RootContent => ({
            type: 'paragraph',
            children: cell.children,
            ...(cell.position && { position: cell.position }),
          }),
        ),
      ...(number && { number }),
    };
  });
}

function holdsCommand(cell: Table['children'][number]['children'][number]): boolean {
  return cell.children.some((child) => child.type === 'inlineCode' && isWholeCommand(child.value.trim()));
}
