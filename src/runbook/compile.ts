import type { Code, LinkReference, RootContent } from 'mdast';
import { type BlockReading, readBlock } from './block-reading.ts';
import { contactsIn, scatteredContacts } from './contact-reading.ts';
import { withEarlierSettings } from './earlier-setting.ts';
import type { Excerpt } from './excerpt.ts';
import type { Trouble } from './front-matter.ts';
import { readAttributes } from './info.ts';
import { placesIn } from './input-reading.ts';
import { readMarkdown } from './markdown.ts';
import { readMeta } from './meta-reading.ts';
import { mendMojibake } from './mojibake.ts';
import { readPlainly } from './plain-reading.ts';
import type { Procedure } from './procedure.ts';
import { surveySections } from './procedure-finding.ts';
import { makeProcedure } from './procedure-making.ts';
import type { Contact, Doubt, Link, Runbook } from './runbook.ts';
import { endOf, flatten, sectionsOf, startOf } from './section.ts';
import { openSource, type Source } from './source.ts';
import { symptomsIn } from './symptom-reading.ts';
import { newNames, plainText } from './wording.ts';
import type { Workshop } from './workshop.ts';

/**
 * Reads a Markdown document as a runbook. Pure and total: whatever the text, the result is a Runbook, and
 * what was not understood stands in its `doubts`. Takes time and memory in proportion to the length of the
 * text. Throws only where the shell grammar has not been loaded (`loadShell`).
 */
export function compile(text: string): Runbook {
  const source = openSource(text);
  const { nodes, troubles } = readMarkdown(text);
  const { readings, insideHtml, links } = readLeaves(nodes, source);
  const shop: Workshop = {
    source,
    readings,
    insideHtml,
    names: newNames(),
    excerpts: new Map<string, Excerpt>(),
    guessed: new Map(),
    opened: { client: undefined },
  };
  const root = sectionsOf(nodes, text.length);
  const survey = surveySections(root, shop);
  const headings = nodes.flatMap((node, index) => (node.type === 'heading' ? [index] : []));
  const head = nodes.slice(0, headings[1] ?? nodes.length);
  const reading = readMeta(head, headings.length > 1 ? nodes.slice(-3) : [], nodes);
  const title =
    root.children.find((section) => section.level === 1)?.title ||
    reading.title ||
    root.children[0]?.title ||
    'Untitled runbook';
  const made = survey.procedures.map((draft) =>
    withEstimate(makeProcedure(draft, shop, title), reading.estimates),
  );
  const procedures = withEarlierSettings(made, placesIn(source, shop.excerpts));
  const switchable = new Set(procedures.flatMap(({ guesses }) => (guesses ?? []).map(({ block }) => block)));
  const blocks = [...readings.values()].map((one) => one.block).sort((a, b) => a.range.start - b.range.start);
  return {
    schema: 1,
    title,
    meta: reading.meta,
    ...(reading.meta.estimate && { estimate: reading.meta.estimate }),
    procedures,
    references: survey.references.map(({ section, path }) => ({
      title: section.title,
      path,
      range: source.range(section.start, section.end),
    })),
    symptoms: survey.troubles.flatMap((section) => symptomsIn(section, shop)),
    contacts: onceEach([
      ...survey.contacts.flatMap((section) => contactsIn(flatten(section), source)),
      ...scatteredContacts(nodes, source),
    ]),
    links,
    blocks,
    doubts: [
      ...troubles.map(({ what, start, end }) => ({ what, range: source.range(start, end) })),
      ...(reading.trouble
        ? [frontMatterDoubt(reading.trouble, source, startOf(nodes[0]!), endOf(nodes[0]!))]
        : []),
      ...mojibakeDoubt(text, source),
      ...[...readings.values()].flatMap((one) => blockDoubts(one, source, switchable)),
    ],
  };
}

/** At the line of the front matter that could not be read; its own first line are the three dashes. */
function frontMatterDoubt({ what, line }: Trouble, source: Source, start: number, end: number): Doubt {
  const at = source.line(source.lineAt(start) + line);
  return { what, range: at.end <= end ? source.range(at.start, at.end) : source.range(start, end) };
}

/** A contact that stands in a contacts section is found there and by its wording. */
function onceEach(contacts: readonly Contact[]): readonly Contact[] {
  const seen = new Set<string>();
  return contacts.filter((contact) => {
    const key = `${contact.range.start} ${contact.role}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Reads every block and link of the document, however deep, in document order. */
function readLeaves(nodes: readonly RootContent[], source: Source) {
  const readings = new Map<RootContent, BlockReading>();
  const insideHtml = new Map<RootContent, BlockReading[]>();
  const links: Link[] = [];
  // `[text][name]`: where it leads may stand anywhere in the document, before it or behind.
  const referring: LinkReference[] = [];
  const defined = new Map<string, string>();
  let heading = '';
  const open: { readonly siblings: readonly RootContent[]; at: number; readonly above: string }[] = [
    { siblings: nodes, at: 0, above: '' },
  ];
  while (open.length > 0) {
    const level = open[open.length - 1]!;
    const node = level.siblings[level.at];
    if (!node) {
      open.pop();
      continue;
    }
    const previous = level.siblings[level.at - 1];
    level.at++;
    if (node.type === 'heading') heading = plainText(node);
    else if (node.type === 'code') readings.set(node, read(node, previous, level.above, heading));
    else if (node.type === 'html' && /(?:```|~~~)/.test(node.value) && !/^\s*<!--/.test(node.value))
      insideHtml.set(node, fencesIn(node, source, readings));
    else if (node.type === 'link')
      links.push({ text: plainText(node), url: node.url, range: source.range(startOf(node), endOf(node)) });
    else if (node.type === 'linkReference') referring.push(node);
    // The first definition of a name counts.
    else if (node.type === 'definition' && !defined.has(node.identifier))
      defined.set(node.identifier, node.url);
    else if (node.type === 'inlineCode' && /^[\w./-]{1,200}\.md$/.test(node.value))
      links.push({ text: node.value, url: node.value, range: source.range(startOf(node), endOf(node)) });
    if ('children' in node && node.children.length > 0) {
      const above =
        node.type === 'listItem' ? '' : previous?.type === 'paragraph' ? plainText(previous) : level.above;
      open.push({ siblings: node.children as RootContent[], at: 0, above });
    }
  }
  for (const node of referring) {
    const url = defined.get(node.identifier);
    if (url !== undefined)
      links.push({ text: plainText(node), url, range: source.range(startOf(node), endOf(node)) });
  }
  links.sort((a, b) => a.range.start - b.range.start);
  return { readings, insideHtml, links };

  function read(code: Code, previous: RootContent | undefined, above: string, headed: string): BlockReading {
    const comment =
      previous?.type === 'html'
        ? /^\s*<!--\s*drillbook:?\s+(.*?)-->\s*$/s.exec(previous.value)?.[1]
        : undefined;
    const before = previous && 'children' in previous ? plainText(previous) : previous ? '' : above || headed;
    const fileName = previous?.type === 'paragraph' ? namedFile(previous) : undefined;
    const given = comment ? { attributes: readAttributes(comment) } : {};
    return readBlock(code, source, readings.size + 1, {
      before,
      reads: (name) => expanded(source).has(name),
      ...(fileName && { fileName }),
      ...given,
    });
  }
}

/** The variables that are expanded or exported anywhere in a document, found once and only where a block asks. */
const expansions = new WeakMap<Source, ReadonlySet<string>>();

function expanded(source: Source): ReadonlySet<string> {
  const known = expansions.get(source);
  if (known) return known;
  const names = new Set([...source.text.matchAll(/\$\{?[#!]?([A-Za-z_]\w*)/g)].map((found) => found[1]!));
  // `export NAME` hands it on to programs.
  for (const [, given] of source.text.matchAll(
    /\bexport[ \t]+([A-Za-z_]\w*(?:[ \t]+[A-Za-z_]\w*)*)[ \t]*$/gm,
  ))
    for (const name of given!.trim().split(/\s+/)) names.add(name);
  expansions.set(source, names);
  return names;
}

function fencesIn(
  html: RootContent,
  source: Source,
  readings: Map<RootContent, BlockReading>,
): BlockReading[] {
  const start = startOf(html);
  const out: BlockReading[] = [];
  for (const node of readPlainly(source.text.slice(start, endOf(html)))) {
    if (node.type !== 'code' || !node.position) continue;
    node.position.start.offset = (node.position.start.offset ?? 0) + start;
    node.position.end.offset = (node.position.end.offset ?? 0) + start;
    const reading = readBlock(node, source, readings.size + 1, { before: '' });
    readings.set(node, reading);
    out.push(reading);
  }
  return out;
}

/** "Create `/etc/x.service`:", "**lifecycle.json**:": the file that the next block belongs into. */
function namedFile(paragraph: RootContent): string | undefined {
  const text = plainText(paragraph);
  if (
    text.length > 300 ||
    !/:\s*$/.test(text) ||
    /\b(?:run|execute|output|using|with)\b[^`]*:\s*$/i.test(text)
  ) {
    const script = /^(?:script|file|workflow|path)\s*:\s*(\S+)$/i.exec(text)?.[1];
    return script;
  }
  const names = text.match(
    /(?:(?:~|\.{0,2})?\/)?(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.(?:json|ya?ml|ini|conf|cfg|toml|service|timer|ts|js|mjs|sh|py|env|sql|xml|properties|tf|hcl|rb|cnf|crontab)\b/g,
  );
  return names?.[names.length - 1];
}

/** Gives a procedure the time that the document's overview names for it. */
function withEstimate(
  procedure: Procedure,
  estimates: readonly { readonly name: string; readonly estimate: Procedure['estimate'] & object }[],
): Procedure {
  if (procedure.estimate) return procedure;
  const found = estimates.find(({ name }) => procedure.title.toLowerCase().includes(name.toLowerCase()));
  return found ? { ...procedure, estimate: found.estimate } : procedure;
}

function mojibakeDoubt(text: string, source: Source): readonly Doubt[] {
  const found = /[‚√âÃ][\u0080-\uffff]{1,5}/.exec(text);
  if (!found || mendMojibake(found[0]) === found[0]) return [];
  return [
    {
      what: `the text was saved in the wrong encoding: "${found[0]}" was meant as "${mendMojibake(found[0])}"`,
      range: source.range(found.index, found.index + found[0].length),
    },
  ];
}

function blockDoubts(
  { block, info, pieces, foreign }: BlockReading,
  source: Source,
  switchable: ReadonlySet<string>,
): readonly Doubt[] {
  const out: Doubt[] = [];
  if (!block.closed)
    out.push({
      what: `this code block is never closed: everything up to line ${source.lineAt(Math.max(block.range.start, block.range.end - 1))} was taken for code`,
      range: block.range,
    });
  // Where no step shows it, a run cannot offer the other reading.
  const settle =
    block.guess?.reason === 'announced as output' && !switchable.has(block.id)
      ? ', and stands in no step: {role=commands} behind its fence makes it one'
      : '';
  if (block.guess)
    out.push({
      what: `read as ${block.role}: ${block.guess.reason}; it may be ${block.guess.otherwise}${settle}`,
      range: block.range,
    });
  if (foreign)
    out.push({
      what: `not for bash: this block is for ${foreign}; it is shown at its step and done by hand`,
      range: block.range,
    });
  for (const unknown of info.unknown)
    out.push({ what: `the hint ${unknown} is not known`, range: block.range });
  const faulty = pieces.flatMap((piece) => (piece.kind === 'statement' && piece.faulty ? [piece] : []));
  for (const piece of faulty.slice(0, 5)) {
    const first = piece.excerpt.lines.find((line) => line.at >= 0);
    const more =
      faulty.length > 5 && piece === faulty[4] ? `, nor of ${faulty.length - 5} more of this block` : '';
    if (first)
      out.push({
        what: `the shell grammar cannot make full sense of this command${more}`,
        range: source.range(first.at, first.at + first.text.length),
      });
  }
  return out;
}
