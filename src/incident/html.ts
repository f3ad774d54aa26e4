import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { Redaction } from '../execution/redaction.ts';
import { framesOf, type Replay } from './html-frames.ts';
import { script, style } from './html-page.ts';
import { plotOf } from './html-plot.ts';
import { escaped, htmlOfMarkdown } from './html-text.ts';
import { markdownOf } from './markdown.ts';
import { clean } from './markdown-text.ts';
import type { Entry } from './shape.ts';

/** What a page is made of. */
export interface PageParts {
  readonly entry: Entry;
  /** The entry as it was written, with what a person has added; made from the entry where it is left out. */
  readonly markdown?: string | undefined;
  readonly replay?: Replay | undefined;
}

/** The recording of a run, ready for its page; undefined where there is none or it cannot be read. */
export async function replayOf(runFolder: string): Promise<Replay | undefined> {
  const redaction = new Redaction();
  const replay = await framesOf(join(runFolder, 'run.cast'), (text) => redaction.text(text)).catch(
    () => undefined,
  );
  return replay && replay.frames.length > 0 ? replay : undefined;
}

/**
 * An incident as one page that needs nothing else: entry, timeline, replay. Its content security policy allows its own
 * style and player, by their hashes, and no address at all; whatever the entry holds is text in it.
 */
export function htmlOf({ entry, markdown, replay }: PageParts): string {
  const plot = plotOf(entry);
  const policy = `default-src 'none'; style-src ${hashed(style)}; script-src ${replay ? hashed(script) : "'none'"}; base-uri 'none'; form-action 'none'`;
  const body = htmlOfMarkdown(new Redaction().text(markdown ?? markdownOf(entry)));
  // Behind the summary; the text of an entry cannot hold a tag.
  const second = body.indexOf('<h2>', body.indexOf('<h2>') + 1);
  const at = second < 0 ? body.length : second;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(`${entry.title} · ${basename(entry.run)}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.slice(0, at)}
${plot === '' ? '' : `<figure aria-label="Timeline">${plot}</figure>`}
${replay ? player(replay) : ''}
${body.slice(at)}
</main>
<footer>Made by Drillbook ${escaped(entry.version)} from the journal of ${escaped(entry.run)}, head ${entry.chain.seq}, SHA-256 <code>${escaped(entry.chain.hash)}</code></footer>
${replay ? `<script type="application/json" id="recording">${dataOf(named(entry, replay))}</script>\n<script>${script}</script>` : ''}
</body>
</html>
`;
}

function player({ cut }: Replay): string {
  return `<section class="replay" aria-label="Replay of the recording">
<div class="controls"><button id="play" type="button">Play</button>
<input id="seek" type="range" min="0" value="0" aria-label="Position">
<label>Speed <select id="speed"><option value="1">1×</option><option value="2">2×</option><option value="4" selected>4×</option><option value="16">16×</option></select></label>
<select id="steps" aria-label="Step"><option value="">go to a step</option></select>
<output id="now"></output></div>
<pre class="screen" id="screen"></pre>
${cut ? '<p>The recording goes on; its end is left out here. <code>drillbook replay</code> plays the whole.</p>' : ''}
</section>`;
}

/** The recording marks commands by their ids: where they are known, by what a person calls them. */
function named(entry: Entry, replay: Replay): Replay {
  const names = new Map(
    entry.steps.flatMap((step) =>
      step.parts.flatMap((part): [string, string][] =>
        part.kind === 'command' ? [[part.id, [step.title, part.caption].filter(Boolean).join(': ')]] : [],
      ),
    ),
  );
  const frames = replay.frames.map((frame) => {
    const name = frame.mark === undefined ? undefined : names.get(frame.mark);
    return name === undefined ? frame : { ...frame, mark: clean(name) };
  });
  return { ...replay, frames };
}

/** JSON that cannot end the element that it stands in. */
function dataOf({ rows, frames }: Replay): string {
  return JSON.stringify({ rows, frames }).replaceAll('<', '\\u003c');
}

function hashed(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
