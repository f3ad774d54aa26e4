import type { RootContent, Table } from 'mdast';
import type { Bench } from './bench.ts';
import { isWholeCommand } from './doing-words.ts';
import { isPureLabel } from './label.ts';
import type { Command, Part } from './part.ts';
import { isBareCommand, withoutRemark } from './prompt.ts';
import { asksToDo, plainText } from './wording.ts';

/** A paragraph that is nothing but a command, without any mark-up. */
export function bareCommand(bench: Bench, node: RootContent): readonly Command[] | undefined {
  if (node.type !== 'paragraph' || !node.children.every((child) => child.type === 'text')) return undefined;
  const text = withoutRemark(plainText(node));
  if (!isBareCommand(text)) return undefined;
  const excerpt = bench.sourceExcerpt(node, text);
  const guess = { reason: 'it stands as plain text, not in a block', otherwise: 'words' };
  return excerpt && [bench.command(excerpt, 'shell', { hints: {}, offered: true, guess })];
}

/** The commands in the words of a paragraph; none in any other node. */
export function inlineOf(bench: Bench, node: RootContent | undefined): readonly Command[] {
  return node?.type === 'paragraph' ? inlineCommands(bench, node) : [];
}

/** Inline code that is a whole command: offered, never run unasked. */
export function inlineCommands(bench: Bench, node: RootContent): readonly Command[] {
  const out: Command[] = [];
  const open: RootContent[] = [node];
  while (open.length > 0) {
    const next = open.pop()!;
    const excerpt =
      next.type === 'inlineCode' && isWholeCommand(next.value.trim()) && /^[a-z./~$_]/i.test(next.value)
        ? bench.sourceExcerpt(next, next.value.trim())
        : undefined;
    const guess = { reason: 'it stands in a sentence, not in a block', otherwise: 'words' };
    if (excerpt) out.push(bench.command(excerpt, 'shell', { hints: {}, offered: true, guess }));
    // Code in a link names what the page behind it is about.
    if ('children' in next && next.type !== 'link' && next.type !== 'linkReference')
      for (let at = next.children.length - 1; at >= 0; at--) open.push(next.children[at] as RootContent);
  }
  return out;
}

/** The commands in the cells of a table, each captioned by what else its row says. */
export function rowCommands(bench: Bench, table: Table): readonly Command[] {
  return table.children.slice(1).flatMap((row) =>
    row.children.flatMap((cell) => {
      const caption = row.children
        .filter((one) => one !== cell)
        .map(plainText)
        .filter((text) => text !== '')
        .join(' — ');
      return inlineCommands(bench, cell as unknown as RootContent).map((command) =>
        caption ? { ...command, caption } : command,
      );
    }),
  );
}

/** A paragraph that asks for something which no command below it does: "Paste the password from earlier." */
export function askedParts(bench: Bench, paragraph: RootContent, parts: readonly Part[]): readonly Part[] {
  const text = plainText(paragraph);
  const last = parts[parts.length - 1];
  // A command or a criterion that was found in it is what it asks for.
  if (last?.kind !== 'prose' || !isRequest(text) || isPureLabel(paragraph)) return [];
  return [{ kind: 'manual', id: bench.name('manual'), text, range: bench.range(paragraph, paragraph) }];
}

/** True for a sentence or two that ask a person for something: no remarks, no pointers to other pages, no advice. */
function isRequest(text: string): boolean {
  return (
    text.length <= 300 &&
    /^\p{Lu}/u.test(text) &&
    !/:\s*$/.test(text) &&
    asksToDo(text) &&
    !/^(?:note|see|use|using|let|keep|leave|read|refer|consider|observe|allow|learn|visit|check out|follow(?:ing)?|when|if|once|after|unless|until|to)\b/i.test(
      text,
    )
  );
}

/** Without the commands in sentences that only name what a block of the same step runs: "use `az aks create` to …". */
export function withoutMentions(parts: readonly Part[], run: readonly string[]): readonly Part[] {
  if (run.length === 0) return parts;
  const mentioned = (part: Part) =>
    part.kind === 'command' &&
    part.block === undefined &&
    run.some((text) => text === part.text || text.startsWith(`${part.text} `));
  return parts
    .filter((part) => !mentioned(part))
    .map((part) =>
      part.kind === 'choice'
        ? {
            ...part,
            options: part.options.map((option) => ({ ...option, parts: withoutMentions(option.parts, run) })),
          }
        : part,
    );
}

/** What the blocks of a step run, whatever is chosen. */
export function commandTexts(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) =>
    part.kind === 'choice'
      ? part.options.flatMap((option) => commandTexts(option.parts))
      : part.kind === 'command' && part.block !== undefined && !part.offered
        ? [part.text]
        : [],
  );
}
