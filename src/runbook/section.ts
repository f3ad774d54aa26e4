import type { Heading, RootContent } from 'mdast';
import { plainText } from './wording.ts';

/** A heading with what stands under it: first its own content, then the sections below it. */
export interface HeadedSection {
  readonly title: string;
  /** True for a heading that is the tab of a group (`### [Helm](#tab/helm)`), as site generators write them. */
  readonly tab?: boolean;
  /** 1 to 6; 0 for the document itself. */
  readonly level: number;
  readonly start: number;
  end: number;
  readonly nodes: RootContent[];
  readonly children: HeadedSection[];
}

/** Orders the top-level nodes of a document into the tree of its headings. */
export function sectionsOf(nodes: readonly RootContent[], length: number): HeadedSection {
  const root: HeadedSection = { title: '', level: 0, start: 0, end: length, nodes: [], children: [] };
  const open: HeadedSection[] = [root];
  for (const node of nodes) {
    if (node.type !== 'heading') {
      open[open.length - 1]!.nodes.push(node);
      continue;
    }
    const start = startOf(node);
    while (open[open.length - 1]!.level >= node.depth) open.pop()!.end = start;
    const section: HeadedSection = {
      title: headingText(node),
      ...(isTab(node) && { tab: true }),
      level: node.depth,
      start,
      end: length,
      nodes: [],
      children: [],
    };
    open[open.length - 1]!.children.push(section);
    open.push(section);
  }
  return root;
}

function headingText(heading: Heading): string {
  return plainText(heading)
    .replace(/\s*\{#[\w-]+\}\s*$/, '')
    .trim();
}

function isTab({ children: [only, ...others] }: Heading): boolean {
  return only?.type === 'link' && others.length === 0 && /^#tabs?\//.test(only.url);
}

export function startOf(node: RootContent): number {
  return node.position?.start.offset ?? 0;
}

export function endOf(node: RootContent): number {
  return node.position?.end.offset ?? 0;
}

/** The end of a section's own content: where its first subsection starts. */
export function ownEnd(section: HeadedSection): number {
  return section.children[0]?.start ?? section.end;
}

/** Everything of a section and of those below it, headings included, in document order. */
export function flatten(section: HeadedSection): RootContent[] {
  const out: RootContent[] = [...section.nodes];
  for (const child of section.children) {
    out.push({
      type: 'heading',
      depth: Math.max(1, child.level) as 1,
      children: [{ type: 'text', value: child.title }],
      position: position(child.start, child.nodes[0] ? startOf(child.nodes[0]) : ownEnd(child)),
    });
    out.push(...flatten(child));
  }
  return out;
}

function position(start: number, end: number) {
  return { start: { line: 1, column: 1, offset: start }, end: { line: 1, column: 1, offset: end } };
}
