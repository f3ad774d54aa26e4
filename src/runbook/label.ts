import type { Paragraph, PhrasingContent, RootContent } from 'mdast';
import { mendMojibake } from './mojibake.ts';
import { plainText } from './wording.ts';

/** A line in bold that heads what follows (`**Create Backup**:`), or names a value (`**Use Case**: test`). */
export interface Label {
  readonly name: string;
  /** What stands behind it on the same line; empty for a pure label. */
  readonly value: string;
}

/** Reads a paragraph's leading bold text as a label; undefined for sentences, warnings and ordinary text. */
export function labelOf(node: RootContent): Label | undefined {
  if (node.type !== 'paragraph') return undefined;
  const [first, ...rest] = node.children;
  if (first?.type !== 'strong') return undefined;
  const bold = plainText(first);
  const behind = lineOf(rest);
  const colon = /:\s*$/.test(bold) || /^\s*:/.test(behind);
  const name = bold.replace(/\s*:\s*$/, '');
  const value = behind.replace(/^\s*:?\s*/, '').trim();
  if (name.length === 0 || name.length > 90) return undefined;
  if (/[.!]$/.test(name) || /^(?:⚠|🚨|note\b|warning\b|important\b|caution\b|danger\b|tip\b)/iu.test(name))
    return undefined;
  if (!colon && value !== '' && !/^\([^)]*\):?$/.test(value)) return undefined;
  if (/^\([^)]*\):?$/.test(value)) return { name: `${name} ${value.replace(/:$/, '')}`, value: '' };
  return { name, value };
}

/** Words up to the end of the first line. */
function lineOf(nodes: readonly PhrasingContent[]): string {
  let text = '';
  for (const node of nodes) {
    if (node.type === 'break') break;
    const value = 'value' in node ? node.value : plainText(node);
    const newline = value.search(/[\r\n]/);
    if (newline >= 0) {
      text += value.slice(0, newline);
      break;
    }
    text += value;
  }
  return mendMojibake(text).trim();
}

/** True where the paragraph is nothing but its label. */
export function isPureLabel(node: RootContent): boolean {
  const label = labelOf(node);
  if (label?.value !== '') return false;
  return plainText(node).replace(/\s*:\s*/g, '').length <= label.name.replace(/\s*:\s*/g, '').length + 2;
}

/** `**Key**: value` lines of a paragraph, in order; empty where the paragraph holds anything else. */
export function keyedLines(node: Paragraph): readonly { readonly key: string; readonly value: string }[] {
  const lines: PhrasingContent[][] = [[]];
  for (const child of node.children) {
    if (child.type === 'break') lines.push([]);
    else if (child.type === 'text' && /[\r\n]/.test(child.value)) {
      const parts = child.value.split(/\r\n|\n|\r/);
      parts.forEach((value, index) => {
        if (index > 0) lines.push([]);
        if (value) lines[lines.length - 1]!.push({ type: 'text', value });
      });
    } else lines[lines.length - 1]!.push(child);
  }
  const out: { key: string; value: string }[] = [];
  for (const line of lines) {
    const text = line
      .map((child) => ('value' in child ? child.value : plainText(child)))
      .join('')
      .trim();
    if (text === '') continue;
    const emphasised = line[0]?.type === 'strong' || (line.length === 1 && line[0]?.type === 'emphasis');
    const found = /^([^:]{2,40}?)\s*:\s*(.*)$/s.exec(text);
    if (!emphasised || !found) return [];
    out.push({ key: mendMojibake(found[1]!.trim()), value: mendMojibake(found[2]!.trim()) });
  }
  return out;
}
