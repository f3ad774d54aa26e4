import type { RootContent } from 'mdast';
import { keyedLines, labelOf } from './label.ts';
import type { Contact } from './runbook.ts';
import { endOf, startOf } from './section.ts';
import { isContactTitle } from './section-kind.ts';
import type { Source } from './source.ts';
import { plainText } from './wording.ts';

/** People and channels named in a contacts section. */
export function contactsIn(nodes: readonly RootContent[], source: Source): readonly Contact[] {
  return nodes.flatMap((node): readonly Contact[] => {
    switch (node.type) {
      case 'table':
        return node.children.slice(1).flatMap((row) => {
          const [role = '', ...rest] = row.children.map((cell) => plainText(cell));
          const reach = rest.filter((text) => text !== '').join(' · ');
          return role && reach
            ? [
                {
                  role,
                  reach,
                  range: source.range(row.position?.start.offset ?? 0, row.position?.end.offset ?? 0),
                },
              ]
            : [];
        });
      case 'list':
        return node.children.flatMap((item) =>
          contactOf(
            plainText(item.children[0] ?? item),
            source,
            startOf(item as unknown as RootContent),
            endOf(item as unknown as RootContent),
          ),
        );
      case 'paragraph':
        return keyedLines(node).flatMap(({ key, value }) =>
          value ? [{ role: key, reach: value, range: source.range(startOf(node), endOf(node)) }] : [],
        );
      default:
        return [];
    }
  });
}

function contactOf(text: string, source: Source, start: number, end: number): readonly Contact[] {
  const found = /^([^:]{2,60}):\s*(.+)$/s.exec(text);
  if (found) return [{ role: found[1]!.trim(), reach: found[2]!.trim(), range: source.range(start, end) }];
  return text ? [{ role: '', reach: text, range: source.range(start, end) }] : [];
}

/** Contacts that stand elsewhere: a list below "**Incident Response Team**", a line "**Emergency Contact**: …". */
export function scatteredContacts(nodes: readonly RootContent[], source: Source): readonly Contact[] {
  const out: Contact[] = [];
  nodes.forEach((node, index) => {
    const label = labelOf(node);
    const next = nodes[index + 1];
    if (
      label &&
      next?.type === 'list' &&
      (isContactTitle(label.name) || /^notification channels$/i.test(label.name))
    )
      out.push(...contactsIn([next], source));
    if (node.type === 'paragraph')
      for (const { key, value } of keyedLines(node))
        if (value && /\b(?:contacts?|hotline|escalation|on-?call|pager)\b/i.test(key))
          out.push({ role: key, reach: value, range: source.range(startOf(node), endOf(node)) });
  });
  return out;
}
