import type { RootContent, Table } from 'mdast';
import { isPureLabel, labelOf } from './label.ts';
import { makeParts } from './part-making.ts';
import type { Symptom } from './runbook.ts';
import { endOf, flatten, type HeadedSection, startOf } from './section.ts';
import { plainText, shorten, slug } from './wording.ts';
import type { Material, Workshop } from './workshop.ts';

/** Reads a troubleshooting section as pairs of what is seen and what helps. */
export function symptomsIn(section: HeadedSection, shop: Workshop): readonly Symptom[] {
  const own = ownSymptoms(section, shop);
  const below = section.children.map((child) =>
    symptom(child.title, child.start, child.end, flatten(child), shop),
  );
  return [...own, ...below];
}

function ownSymptoms(section: HeadedSection, shop: Workshop): readonly Symptom[] {
  const { nodes } = section;
  const labels = nodes.flatMap((node, index) => (isPureLabel(node) ? [index] : []));
  const tabled = nodes
    .slice(0, labels[0] ?? 0)
    .flatMap((node) => (node.type === 'table' ? rowSymptoms(node, shop) : []));
  if (labels.length > 0)
    return [
      ...tabled,
      ...labels.map((at, index) => {
        const inside = nodes.slice(at + 1, labels[index + 1] ?? nodes.length);
        const last = inside[inside.length - 1] ?? nodes[at]!;
        return symptom(labelOf(nodes[at]!)!.name, startOf(nodes[at]!), endOf(last), inside, shop);
      }),
    ];
  const out: Symptom[] = [];
  for (const node of nodes) {
    if (node.type === 'table') out.push(...rowSymptoms(node, shop));
    else if (node.type === 'list' && section.children.length === 0)
      for (const item of node.children) {
        const [first, ...rest] = item.children as RootContent[];
        const text = plainText(first ?? item);
        out.push(
          symptom(
            shorten(text.split(/:\s/)[0] ?? text, 90),
            startOf(item as unknown as RootContent),
            endOf(item as unknown as RootContent),
            [...(first ? [first] : []), ...rest],
            shop,
          ),
        );
      }
  }
  if (out.length > 0 || section.children.length > 0 || nodes.length === 0) return out;
  return [symptom(section.title, section.start, section.end, nodes, shop)];
}

/** "| Problem | Solution |": the first cell is what is seen. */
function rowSymptoms(table: Table, shop: Workshop): readonly Symptom[] {
  return table.children.slice(1).flatMap((row) => {
    const [seen, ...rest] = row.children;
    if (!seen) return [];
    const words: RootContent = {
      type: 'paragraph',
      children: rest.flatMap((cell) => cell.children),
      position: rest[0]?.position && {
        start: rest[0].position.start,
        end: rest[rest.length - 1]!.position!.end,
      },
    };
    return [
      symptom(plainText(seen), row.position?.start.offset ?? 0, row.position?.end.offset ?? 0, [words], shop),
    ];
  });
}

function symptom(
  heading: string,
  start: number,
  end: number,
  materials: readonly Material[],
  shop: Workshop,
): Symptom {
  const title =
    heading.replace(/^(?:\d+[.)]\s*)?(?:problem|issue|error|symptom|q)\s*\d*\s*:\s*/i, '').trim() || heading;
  const id = shop.names(`symptom-${slug(title)}`);
  return { title, range: shop.source.range(start, end), remedy: makeParts(shop, id, materials) };
}
