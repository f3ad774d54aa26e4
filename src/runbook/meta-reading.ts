import type { RootContent } from 'mdast';
import { parse } from 'yaml';
import type { Estimate } from './estimate.ts';
import { readEstimate } from './estimate-reading.ts';
import { keyedLines, labelOf } from './label.ts';
import type { Meta } from './meta.ts';
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
  readonly trouble?: string;
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
  let trouble: string | undefined;
  const set = (key: string, value: string) => {
    const clean = key.replace(/^[^\p{L}]+/u, '').trim();
    if (clean !== '' && value !== '' && fields[clean] === undefined && clean !== '__proto__')
      fields[clean] = value;
  };
  for (const node of all.slice(0, 1)) {
    if (node.type === 'yaml') {
      const read = frontMatter(node.value);
      if (read === undefined) trouble = 'the front matter is not valid YAML';
      for (const [key, value] of read ?? []) set(key, value);
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
  if (node.type === 'paragraph') return keyedLines(node);
  if (node.type === 'blockquote')
    return node.children.flatMap((child) => (child.type === 'paragraph' ? keyedLines(child) : []));
  return [];
}

function frontMatter(text: string): readonly (readonly [string, string])[] | undefined {
  if (text.length > 50_000) return undefined;
  try {
    // Few aliases: a document must not be able to blow up by referring to itself.
    const value: unknown = parse(text, { maxAliasCount: 20 });
    if (value === null || value === undefined) return [];
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    return Object.entries(value).map(([key, one]) => [
      key,
      one instanceof Date ? one.toISOString() : typeof one === 'object' ? JSON.stringify(one) : String(one),
    ]);
  } catch {
    return undefined;
  }
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
