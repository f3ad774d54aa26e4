/** Where a key is pressed: the question that is on the screen. */
export type Context =
  | 'home'
  | 'filter'
  | 'select'
  | 'inputs'
  | 'field'
  | 'editor'
  | 'message'
  | 'begin'
  | 'command'
  | 'failed'
  | 'running'
  | 'choice'
  | 'manual'
  | 'check'
  | 'criterion'
  | 'measured'
  | 'preview'
  | 'step-done'
  | 'end'
  | 'interrupted'
  | 'changed'
  | 'guard'
  | 'refused'
  | 'reader'
  | 'output'
  | 'list'
  | 'stop'
  | 'quit'
  | 'anywhere';

/** What the name of a context is for a reader of the help. */
export const contextTitles: Readonly<Record<Context, string>> = {
  home: 'Home',
  filter: 'Search',
  select: 'A list to choose from',
  inputs: 'Values for the run',
  field: 'A line to fill in',
  editor: 'The editor',
  message: 'A message',
  begin: 'Before the first step',
  command: 'A command is next',
  failed: 'A command has failed',
  running: 'A command is running',
  choice: 'One of several ways',
  manual: 'Something to do by hand',
  check: 'A checklist item',
  criterion: 'Something that must hold',
  measured: 'Something that was measured',
  preview: 'A preview',
  'step-done': 'A step is done',
  end: 'Every step is done',
  interrupted: 'A command was interrupted',
  changed: 'The runbook has changed',
  guard: 'A guard',
  refused: 'A refusal',
  reader: 'Something to read',
  output: 'The output of a command',
  list: 'A list',
  stop: 'Stopping a run',
  quit: 'Leaving',
  anywhere: 'Everywhere',
};
