import type { Action } from './action.ts';
import type { Context } from './context.ts';
import type { KeyName } from './key.ts';

export type { Action } from './action.ts';
export { type Context, contextTitles } from './context.ts';

export interface Binding {
  readonly action: Action;
  readonly keys: readonly KeyName[];
  /** For the footer. */
  readonly label: string;
  /** For the help: one sentence. */
  readonly help: string;
  readonly in: readonly Context[];
  /** Only moves the eye (a cursor, a page): may act on a frame that is not painted yet. */
  readonly moves?: true;
  /** Acts on the marked row: not on a mark that its presser has not seen. */
  readonly marked?: true;
}

const ofARun = [
  'begin',
  'command',
  'failed',
  'running',
  'choice',
  'manual',
  'check',
  'criterion',
  'measured',
  'preview',
  'step-done',
  'end',
  'interrupted',
  'changed',
] as const satisfies readonly Context[];
const doing = ['manual', 'check', 'criterion', 'measured'] as const;

/** Every key of every screen. Footer, help and dispatch are made from this and nothing else. */
export const keymap: readonly Binding[] = [
  // What Enter does, place by place.
  bind('open', ['enter'], 'open', 'Opens what is marked.', ['home', 'filter'], { marked: true }),
  bind('choose', ['enter'], 'choose', 'Takes the marked one.', ['select', 'choice', 'list']),
  bind(
    'accept',
    ['enter'],
    'accept',
    'Takes the value, or begins where the mark stands on "Begin".',
    ['inputs'],
    { marked: true },
  ),
  bind('submit', ['enter'], 'done', 'Takes what was typed.', ['field']),
  bind('submit', ['enter'], 'keep', 'Keeps this text as the command.', ['editor']),
  bind('go-on', ['enter'], 'go on', 'Goes on.', ['message']),
  bind('next', ['enter'], 'begin', 'Enters the first step.', ['begin']),
  bind('run', ['enter'], 'run', 'Runs the command; a guard may ask first.', ['command']),
  bind('output', ['enter', 'o'], 'output', 'Shows what the command printed.', ['failed']),
  bind('done', ['enter'], 'done', 'Says that it was done.', ['manual']),
  bind('tick', ['enter'], 'tick', 'Ticks the item.', ['check']),
  bind('holds', ['enter'], 'holds', 'Says that it holds.', ['criterion']),
  bind('measured', ['enter'], 'as measured', 'Records what was measured, and whether it holds.', [
    'measured',
  ]),
  bind('walk', ['enter'], 'next', 'Goes on without running anything.', ['preview']),
  bind('next', ['enter'], 'next step', 'Enters the next step.', ['step-done']),
  bind('finish', ['enter'], 'finish', 'Ends the run: outcome, questions, entry.', ['end']),
  bind('confirm', ['enter'], 'confirm', 'Runs the command.', ['guard']),
  bind('close', ['enter', 'esc'], 'back', 'Goes back.', ['refused']),
  bind('stop-run', ['enter'], 'stop, resume later', 'Stops the run; it can be resumed.', ['stop']),
  bind('leave', ['enter'], 'leave', 'Leaves Drillbook.', ['quit']),
  bind('interrupt', ['ctrl+c'], 'interrupt', 'Interrupts the command: SIGINT, then SIGTERM, then SIGKILL.', [
    'running',
    'output',
  ]),
  // Other ways on.
  bind(
    'reread',
    ['g'],
    'other reading',
    'Reads a block that was read by guess the other way, as long as nothing of it was run.',
    ofARun,
  ),
  bind(
    'link',
    ['l'],
    'linked runbook',
    'Opens a runbook that the step links to; the same key comes back.',
    ofARun,
  ),
  bind(
    'begin-linked',
    ['B'],
    'begin it',
    'Stops this run, which can be resumed, and begins the one that is shown.',
    ['reader'],
  ),
  bind('retry', ['r'], 'retry', 'Runs the failed command again.', ['failed']),
  bind('refuse', ['f'], 'no', 'Says that the item is not so.', ['check']),
  bind('missed', ['f'], 'does not hold', 'Says that it does not hold.', ['criterion', 'measured']),
  bind('not-applicable', ['a'], 'not applicable', 'Says that the item does not apply.', ['check']),
  bind('not-judged', ['a'], 'cannot tell', 'Says that it could not be judged.', ['criterion', 'measured']),
  bind('worked', ['w'], 'it worked', 'Says that the interrupted command took effect, and how you know.', [
    'interrupted',
  ]),
  bind(
    'did-not',
    ['f'],
    'it did not',
    'Says that the interrupted command did not take effect, and how you know.',
    ['interrupted'],
  ),
  bind('accept-change', ['a'], 'accept', 'Goes on with the changed runbook, with a reason.', ['changed']),
  bind('accept-identity', ['a'], 'accept this server', 'Goes on with the changed server, with a reason.', [
    'refused',
  ]),
  bind('override', ['!'], 'override', 'Does it all the same, with a reason.', ['refused']),
  bind('edit', ['e'], 'edit', 'Changes the command before it runs.', ['command', 'failed']),
  bind('skip', ['s'], 'skip', 'Skips it, with a reason.', ['command', 'failed', ...doing]),
  bind('by-hand', ['m'], 'by hand', 'Says that it was done by hand, with a note.', ['command', 'failed']),
  bind('interactive', ['i'], 'interactive', 'Runs the command with the whole terminal.', [
    'command',
    'failed',
  ]),
  bind('skip-step', ['S'], 'skip step', 'Skips the whole step, with a reason.', [
    'command',
    'failed',
    ...doing,
    'choice',
  ]),
  bind('save-file', ['v'], 'save file', 'Writes the file that this step shows.', [
    'command',
    ...doing,
    'step-done',
  ]),
  bind('note', ['n'], 'note', 'Adds a note to the journal.', ofARun),
  bind('output', ['o'], 'output', 'Shows what the last command printed.', without('failed')),
  bind('back', ['b'], 'back', 'Goes back to a step, or to a choice.', ofARun),
  bind('timeline', ['t'], 'timeline', 'Shows what happened, in order.', ofARun),
  bind('shell', ['$'], 'shell', 'Opens a shell with the state of the run.', without('running')),
  bind(
    'background',
    ['p'],
    'processes',
    'Shows what runs in the background: stop it, or let it go on.',
    without('running'),
  ),
  bind('hand-over', ['h'], 'hand over', 'Gives the run to somebody else.', without('running')),
  bind('hint', ['H'], 'hint', 'Shows the hints of this training, and takes the next one.', ofARun),
  bind('stop', ['x'], 'stop', 'Stops the run or ends it early.', ofARun),
  bind('steps', ['L'], 'steps', 'Lists every step; Enter shows one, whether done or ahead.', ofARun),
  bind('values', ['V'], 'values', 'Shows the values that the run has.', ofARun),
  bind('findings', ['F'], 'findings', 'Shows what lint says about this runbook.', ofARun),
  bind('remedies', ['R'], 'remedies', 'Shows what the runbook says may go wrong, and what helps.', ofARun),
  bind(
    'take-remedy',
    ['r'],
    'do it here',
    'Makes what helps a part of this step; its commands run one by one, guarded as any other.',
    ['reader'],
  ),
  bind('copy-command', ['y'], 'copy', 'Copies the command to the clipboard, as it stands.', [
    'command',
    'failed',
    'interrupted',
    'preview',
  ]),
  bind('reopen', ['b'], 'go back here', 'Goes back to the step that is shown: it is opened again.', [
    'reader',
  ]),
  bind(
    'narrow',
    ['f'],
    'filter',
    'Shows everything, only the commands, only what went wrong, or only the notes.',
    ['reader'],
    { moves: true },
  ),
  bind('finish-failed', ['f'], 'end as failed', 'Ends the run as failed, with a reason.', ['stop']),
  bind('finish-abandoned', ['a'], 'end as abandoned', 'Ends the run as abandoned, with a reason.', ['stop']),
  bind('search', ['/'], 'search', 'Searches the runbooks.', ['home']),
  bind('train', ['t'], 'train', 'Breaks the sandbox for training: choose a scenario.', ['home']),
  bind('reload', ['r'], 'try again', 'Tries again.', ['message']),
  bind('continue', ['c'], 'go on without', 'Goes on although the server does not answer.', ['message']),
  bind('close', ['esc', 'q', 'o', 'enter'], 'back', 'Goes back; gives up a long search first.', ['output']),
  bind('find', ['/'], 'search', 'Searches the output.', ['output']),
  bind('find', ['/'], 'search', 'Shows only the rows with a text.', ['reader']),
  bind('find-next', ['n'], 'next', 'Goes to the next place of what was searched.', ['output'], {
    moves: true,
  }),
  bind('find-previous', ['N'], 'before', 'Goes to the place before of what was searched.', ['output'], {
    moves: true,
  }),
  bind('follow', ['f'], 'follow', 'Follows the end of the output, or stays.', ['output'], { moves: true }),
  bind('wrap', ['w'], 'wrap', 'Wraps long lines, or cuts them off.', ['output'], { moves: true }),
  bind('copy', ['y'], 'copy', 'Copies the marked line, or the selected ones, to the clipboard.', ['output']),
  bind('select', ['v'], 'select', 'Begins to select lines, or lets them go.', ['output'], { moves: true }),
  bind('pager', ['p'], 'pager', 'Opens the output in $PAGER.', ['output']),
  bind('pick', ['tab'], 'pick', 'Shows what the value could be.', ['inputs'], { marked: true }),
  bind('newline', ['ctrl+j', 'alt+enter'], 'new line', 'Begins a new line.', ['editor']),
  // Moving about.
  bind('up', ['up', 'k'], 'up', 'Moves up.', ['home', 'select', 'choice', 'list', 'reader', 'output'], {
    moves: true,
  }),
  bind(
    'down',
    ['down', 'j'],
    'down',
    'Moves down.',
    ['home', 'select', 'choice', 'list', 'reader', 'output'],
    {
      moves: true,
    },
  ),
  bind('up', ['up', 'shift+tab'], 'up', 'Moves up.', ['filter', 'inputs'], { moves: true }),
  bind('down', ['down'], 'down', 'Moves down.', ['filter', 'inputs'], { moves: true }),
  bind('page-up', ['pageup', 'ctrl+b'], 'page up', 'Moves a page up.', ['reader', 'output', 'home', 'list'], {
    moves: true,
  }),
  bind(
    'page-down',
    ['pagedown', 'ctrl+f', ' '],
    'page down',
    'Moves a page down.',
    ['reader', 'output', 'home', 'list'],
    { moves: true },
  ),
  bind('top', ['home', 'g'], 'top', 'Goes to the beginning.', ['reader', 'output'], { moves: true }),
  bind('bottom', ['end', 'G'], 'end', 'Goes to the end.', ['reader', 'output'], { moves: true }),
  // The key that opened something closes it too.
  bind('close', ['enter', 'esc', 'q', 'o', 't', 'l', 'L', 'F', 'R', 'V', '?'], 'back', 'Goes back.', [
    'reader',
  ]),
  bind('close', ['esc', 'q', 'b', 'l', 'g', 'p', 'L', 'R'], 'back', 'Goes back.', ['list']),
  bind('close', ['esc', 'ctrl+k'], 'back', 'Goes back without doing anything.', ['filter']),
  bind('close', ['esc'], 'back', 'Goes back without doing anything.', [
    'select',
    'inputs',
    'field',
    'editor',
    'message',
    'guard',
    'stop',
    'quit',
  ]),
  bind(
    'interrupt',
    ['ctrl+c'],
    'interrupt',
    'Interrupts the running command; else asks to stop; twice leaves.',
    ['anywhere'],
  ),
  bind('suspend', ['ctrl+z'], 'suspend', 'Puts Drillbook into the background; fg brings it back.', [
    'anywhere',
  ]),
  bind('palette', [':', 'ctrl+k'], 'find', 'Finds whatever can be done, opened or looked at by its name.', [
    'home',
    ...ofARun,
  ]),
  bind('help', ['?'], 'all keys', 'Shows every key.', ['home', 'select', 'output', ...ofARun]),
  bind('quit', ['q'], 'quit', 'Leaves; a run can be resumed.', ['home', 'select', ...ofARun]),
];

function bind(
  action: Action,
  keys: readonly KeyName[],
  label: string,
  help: string,
  contexts: readonly Context[],
  more: Pick<Binding, 'moves' | 'marked'> = {},
): Binding {
  return { action, keys, label, help, in: contexts, ...more };
}

function without(...contexts: readonly Context[]): readonly Context[] {
  return ofARun.filter((context) => !contexts.includes(context));
}
