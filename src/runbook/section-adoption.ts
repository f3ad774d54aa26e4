import type { HeadedSection } from './section.ts';
import { isAside, procedureTitle } from './section-kind.ts';
import { readTitle } from './section-title.ts';

/** Whether a section holds something to do: itself, or anywhere in it. */
export interface Doing {
  own(section: HeadedSection): boolean;
  any(section: HeadedSection): boolean;
}

/**
 * Gives an empty heading the siblings that belong to it: "### On-Demand Backup Procedure" with nothing under
 * it, then "### Step 1" … at the same level, up to the next empty or procedure heading.
 */
export function adopted(children: readonly HeadedSection[], doing: Doing): readonly HeadedSection[] {
  const out: HeadedSection[] = [];
  for (let at = 0; at < children.length; at++) {
    const child = children[at]!;
    const next = children[at + 1];
    if (!next || child.children.length > 0 || doing.own(child) || isAside(child)) {
      out.push(child);
      continue;
    }
    const steps = readTitle(next.title).step;
    // A step is no procedure: steps that say nothing would else hold one another, thousands deep.
    if (steps && readTitle(child.title).step) {
      out.push(child);
      continue;
    }
    const empty = child.nodes.length === 0 && procedureTitle.test(child.title);
    const wanted = (one: HeadedSection): boolean =>
      steps
        ? readTitle(one.title).step
        : empty && doing.any(one) && one.nodes.length > 0 && !/\bprocedure\b/i.test(one.title);
    let end = at + 1;
    while (end < children.length && children[end]!.level === child.level && wanted(children[end]!)) end++;
    const taken = children.slice(at + 1, end);
    if (taken.length === 0) {
      out.push(child);
      continue;
    }
    out.push({
      ...child,
      end: taken[taken.length - 1]!.end,
      children: taken.map((one) => ({ ...one, level: one.level + 1 })),
    });
    at = end - 1;
  }
  return out;
}
