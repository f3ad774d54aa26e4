/*
 * What is the same in every page: its style and its player. Plain text constants, so that the page's content security
 * policy can name them by their hashes and allow nothing else.
 */

/** Light and dark by the reader's own preference; readable on paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; --code: #f6f8fa; --bar: #0969da; --bad: #b35900; --off: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9198a1; --line: #3d444d; --code: #161b22; --bar: #4493f8; --bad: #e0823d; --off: #656c76; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 2.2em; border-bottom: 1px solid var(--line); padding-bottom: .25em; }
a { color: inherit; } code, pre, .screen { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875em; }
code { background: var(--code); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
pre { background: var(--code); padding: .75rem; overflow-x: auto; border-radius: 6px; } pre code { padding: 0; overflow-wrap: normal; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--line); }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; } svg text { fill: var(--ink); } svg .mark { fill: var(--soft); font-size: 12px; }
.tick { stroke: var(--line); } .bar { fill: var(--bar); } .bar.failed { fill: var(--bad); } .bar.skipped, .bar.open { fill: var(--off); }
.screen { border: 1px solid var(--line); background: #101418; color: #d7dde3; padding: .75rem; border-radius: 6px; overflow-x: auto; white-space: pre; line-height: 1.25; min-height: 8em; margin: 0; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0; } .controls input { flex: 1 1 16rem; }
.b { font-weight: bold; } .d { opacity: .65; } .i { background: #d7dde3; color: #101418; }
.c0 { color: #8b949e; } .c1 { color: #ff8f86; } .c2 { color: #7ee08f; } .c3 { color: #e3c35c; } .c4 { color: #79b8ff; } .c5 { color: #d2a8ff; } .c6 { color: #6fdde3; } .c7 { color: #f0f3f6; }
footer { margin-top: 3rem; color: var(--soft); font-size: .875em; }
@media print { .replay { display: none; } }
`;

/** Plays the recording that stands in the page: pauses longer than two seconds are two seconds. Sets text, never HTML. */
export const script = `
'use strict';
const { rows, frames } = JSON.parse(document.getElementById('recording').textContent);
const screen = document.getElementById('screen'), play = document.getElementById('play'), seek = document.getElementById('seek');
const speed = document.getElementById('speed'), now = document.getElementById('now'), steps = document.getElementById('steps');
const lines = Array.from({ length: rows }, () => screen.appendChild(document.createElement('div')));
const times = []; let sum = 0;
frames.forEach((frame, index) => { sum += index ? Math.min(2, frame.at - frames[index - 1].at) : 0; times.push(sum); });
let at = -1, clock = 0, before = 0, playing = false;
function put(row, runs) {
  const line = lines[row];
  line.replaceChildren(...runs.map(([text, look]) => { const span = document.createElement('span'); span.textContent = text; span.className = look; return span; }));
  if (!runs.length) line.textContent = ' ';
}
function show(index) {
  if (index < at) { for (let row = 0; row < rows; row++) put(row, []); at = -1; }
  while (at < index) { at++; for (const [row, runs] of frames[at].rows) put(row, runs); }
  seek.value = String(index);
  const mark = frames.slice(0, index + 1).reverse().find((frame) => frame.mark);
  const seconds = Math.floor(frames[index].at);
  now.textContent = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0') + (mark ? ' · ' + mark.mark : '');
}
function go(index) { show(index); clock = times[index]; }
function state(on) { playing = on; play.textContent = on ? 'Pause' : 'Play'; if (on) { before = performance.now(); requestAnimationFrame(tick); } }
function tick(time) {
  if (!playing) return;
  clock += Math.max(0, time - before) / 1000 * Number(speed.value); before = time;
  let next = at; while (next + 1 < frames.length && times[next + 1] <= clock) next++;
  if (next > at) show(next);
  if (at >= frames.length - 1) return state(false);
  requestAnimationFrame(tick);
}
for (let row = 0; row < rows; row++) put(row, []);
seek.max = String(frames.length - 1);
seek.addEventListener('input', () => go(Number(seek.value)));
play.addEventListener('click', () => { if (!playing && at >= frames.length - 1) go(0); state(!playing); });
frames.forEach((frame, index) => { if (frame.mark) { const option = document.createElement('option'); option.value = String(index); option.textContent = frame.mark; steps.append(option); } });
steps.addEventListener('change', () => { if (steps.value !== '') go(Number(steps.value)); });
go(frames.length - 1);
`;
