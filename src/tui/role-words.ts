import type { Block } from '../runbook/block.ts';

/** What a block may be read as, for a reader. */
export const roleWords: Readonly<Record<Block['role'], string>> = {
  commands: 'commands',
  sample: 'sample output',
  file: 'a file',
  code: 'code',
  log: 'a log',
  template: 'a template',
};
