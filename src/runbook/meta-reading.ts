import type { Paragraph, PhrasingContent, RootContent } from 'mdast';
import type { Estimate } from './estimate.ts';
import { readEstimate } from './estimate-reading.ts';
import { readFrontMatter, type Trouble } from './front-matter.ts';
import { keyedLines, labelOf } from './label.ts';
import type { Meta } from './meta.ts';
import { mendMojibake } from './mojibake.ts';
import { plainText } from './wording.ts';

const keys: readonly (readonly [
  'severity' | 'owner' | 'lastUpdated' | 'version' | 'slo' | 'estimate',
  RegExp,
])[] = [
  ['severity', /^(?:severity|priority|sev)$/i],
  [
    'owner',
    /^(?:(?:document )?owners?|(?:document )?maintained by|maintainers?|team|owning team|owner_slack)$/i,
  ],
  ['lastUpdated', /^(?:last[ _-]?(?:updated?|reviewed(?: on)?|modified)|last_reviewed_on|updated|date)$/i],
  ['version', /^(?:document )?version$/i],
  ['slo', /^(?:related )?slos?$/i],
  ['estimate', /^(?:time estimate|estimated (?:time|duration)|estimate|duration|time required|rto)$/i],
];

/** What a document says of itself, and what of its front matter could not be read. */
export interface MetaReading {
  readonly meta: Meta;
  readonly title?: string;
  /** `Backup: 5–10 minutes` below "Estimated time". */
  readonly estimates: readonly { readonly name: string; readonly estimate: Estimate }[];
  readonly trouble?: Trouble;
}

/**
 * Reads front matter and `**Key**: value` lines. `head` are the nodes before the second heading, `foot` the last
 * ones of the document; a key given twice keeps its first value.
 */
export function readMeta(
  head: readonly RootContent[],
  foot: readonly RootContent[],
  all: readonly RootContent[],
): MetaReading {
  const fields: Record<string, string> = Object.create(null);
  let trouble: Trouble | undefined;
  const set = (key: string, value: string) => {
    const clean = key.replace(/^[^\p{L}]+/u, '').trim();
    if (clean !== '' && value !== '' && fields[clean] === undefined && clean !== '__proto__')
      fields[clean] = value;
  };
  for (const node of all.slice(0, 1)) {
    if (node.type === 'yaml') {
      const read = readFrontMatter(node.value);
      trouble = read.trouble;
      for (const [key, value] of read.fields) set(key, value);
    } else if ((node.type as string) === 'toml' && 'value' in node)
      for (const [, key, value] of String(node.value).matchAll(/^\s*([\w.-]+)\s*=\s*"?(.*?)"?\s*$/gm))
        set(key!, value!);
  }
  const { title } = fields;
  for (const node of [...head, ...foot]) for (const { key, value } of keyed(node)) set(key, value);
  const found: { -readonly [K in keyof Meta]?: Meta[K] } = {};
  for (const [key, value] of Object.entries(fields))
    for (const [name, pattern] of keys) {
      if (!pattern.test(key) || found[name] !== undefined) continue;
      if (name === 'estimate') {
        const estimate = readEstimate(value);
        if (estimate) found.estimate = estimate;
      } else found[name] = value;
    }
  const estimates = listedEstimates(all);
  if (!found.estimate && estimates.length > 0)
    found.estimate = {
      min: Math.min(...estimates.map((one) => one.estimate.min)),
      max: Math.max(...estimates.map((one) => one.estimate.max)),
    };
  return {
    meta: { ...found, fields: { ...fields } },
    estimates,
    ...(title && { title }),
    ...(trouble && { trouble }),
  };
}

function keyed(node: RootContent): readonly { readonly key: string; readonly value: string }[] {
  if (node.type === 'paragraph') {
    const lines = keyedLines(node);
    return lines.length > 0 && !lines.some(({ value }) => value.includes('|')) ? lines : keyedCells(node);
  }
  if (node.type === 'blockquote')
    return node.children.flatMap((child) => (child.type === 'paragraph' ? keyed(child) : []));
  return [];
}

/**
 * "Severity: P1 | Owner: data team", or such pairs a line each, without mark-up: all of the paragraph must be pairs, and
 * one of them known, since sentences have colons too.
 */
function keyedCells(node: Paragraph): readonly { readonly key: string; readonly value: string }[] {
  const text = written(node);
  if (text.length > 1000) return [];
  const cells = text
    .split(/\s+[|·•]\s+|\s*[\r\n]+\s*/)
    .map((cell) =>
      /^([\p{L}][\p{L}\p{N} _-]{1,30}?)\s*:\s+(\S.{0,200})$/u.exec(cell.replace(/^\s*\||\|\s*$/g, '').trim()),
    );
  const found = cells.flatMap((cell) => (cell ? [{ key: cell[1]!, value: cell[2]!.trim() }] : []));
  const known = found.some(({ key }) => keys.some(([, pattern]) => pattern.test(key)));
  return found.length === cells.length && found.length > 0 && known ? found : [];
}

/** The words of a paragraph with its line ends. */
function written(node: Paragraph): string {
  const of = (child: PhrasingContent): string =>
    child.type === 'break'
      ? '\n'
      : 'value' in child
        ? child.value
        : 'children' in child
          ? child.children.map(of).join('')
          : '';
  return mendMojibake(node.children.map(of).join(''));
}

/** "**Estimated time:**" above a list of `name: time`. */
function listedEstimates(nodes: readonly RootContent[]): MetaReading['estimates'] {
  for (const [index, node] of nodes.entries()) {
    const label = labelOf(node);
    if (!label || !/^(?:estimated time|time estimates?|estimated duration|duration)$/i.test(label.name))
      continue;
    const list = nodes[index + 1];
    if (list?.type !== 'list') continue;
    return list.children.flatMap((item) => {
      const [name, rest] = plainText(item).split(/:\s*/, 2);
      const estimate = rest ? readEstimate(rest) : undefined;
      return name && estimate ? [{ name, estimate }] : [];
    });
  }
  return [];
}
