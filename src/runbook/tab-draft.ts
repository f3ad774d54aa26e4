import type { List, RootContent } from 'mdast';
import { type DraftChoice, type Drafted, withLead } from './draft.ts';
import { endOf, startOf } from './section.ts';
import { holdsBlock, type Workshop } from './workshop.ts';

/** True for a list that is a group of MkDocs tabs or admonitions. */
export function isTabs(list: List, shop: Workshop): boolean {
  return list.children.every((item) =>
    /^(?:===|!!!|\?\?\?)/.test(
      shop.source.text.slice(
        startOf(item as unknown as RootContent),
        startOf(item as unknown as RootContent) + 3,
      ),
    ),
  );
}

/** What a group of tabs gives: a choice, or, of admonitions and tabs that hold nothing to run, their content. */
export function tabsOf(
  list: List,
  shop: Workshop,
  draft: (nodes: readonly RootContent[], title: string) => Drafted,
): DraftChoice | readonly RootContent[] {
  const { text } = shop.source;
  const items = list.children.map((item) => {
    const start = startOf(item as unknown as RootContent);
    const line = text.slice(start, text.indexOf('\n', start) < 0 ? undefined : text.indexOf('\n', start));
    return {
      tab: line.startsWith('==='),
      title: /"([^"]*)"/.exec(line)?.[1] ?? '',
      start,
      end: endOf(item as unknown as RootContent),
      nodes: (item.children as RootContent[]).slice(1),
    };
  });
  const tabs = items.filter((item) => item.tab);
  if (
    tabs.length < 2 ||
    tabs.length < items.length ||
    !list.children.some((item) => holdsBlock(item as unknown as RootContent, shop, true))
  )
    return items.flatMap((item) => item.nodes);
  const options = tabs.map((tab) => ({
    title: tab.title,
    start: tab.start,
    end: tab.end,
    items: withLead(draft(tab.nodes, tab.title), tab.title, tab.start),
  }));
  return {
    kind: 'choice',
    title: 'Which way?',
    start: options[0]!.start,
    end: options[options.length - 1]!.end,
    options,
  };
}
