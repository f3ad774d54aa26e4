import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilitiesOf } from '../terminal/capabilities.ts';
import { isMultiplexed } from '../terminal/multiplexer.ts';
import { sizeOf } from '../terminal/size.ts';
import type { Check } from './doctor-check.ts';

/** Node, and the folders that runs are kept in. */
export async function machineChecks(state: string, node = process.versions.node): Promise<readonly Check[]> {
  const about = 'machine';
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const nodeCheck: Check =
    major < 22
      ? { about, name: 'node', verdict: 'failed', says: `Node ${node}`, next: 'Install Node 22 or newer.' }
      : major === 22 && minor < 8
        ? {
            about,
            name: 'node',
            verdict: 'warning',
            says: `Node ${node}: starts slowly`,
            next: 'Node 22.8 and newer keep what they have compiled.',
          }
        : { about, name: 'node', verdict: 'ok', says: `Node ${node}` };
  return [nodeCheck, await stateFolder(state)];
}

async function stateFolder(state: string): Promise<Check> {
  const check = { about: 'machine', name: 'state folder' };
  const probe = join(state, `doctor-${process.pid}`);
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    await writeFile(probe, '', { mode: 0o600, flag: 'wx' });
    await rm(probe);
    const { mode, uid } = await stat(state);
    if (process.getuid && uid !== process.getuid())
      return {
        ...check,
        verdict: 'warning',
        says: `${state} belongs to another user`,
        next: `Journals are private: give it to yourself (sudo chown -R "$USER" ${state}).`,
      };
    if ((mode & 0o022) !== 0)
      return {
        ...check,
        verdict: 'warning',
        says: `${state} can be written by others`,
        next: `chmod 700 ${state}`,
      };
    return { ...check, verdict: 'ok', says: `${state} can be written` };
  } catch (error) {
    return {
      ...check,
      verdict: 'failed',
      says: `${state} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      next: 'No run can begin without its journal: see rights and room (ls -ld, df), or set DRILLBOOK_HOME to a folder of your own.',
    };
  }
}

interface Ends {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** What the terminal can show. Without one that is said, and is no fault. */
export function terminalChecks(output: Ends, environment: NodeJS.ProcessEnv): readonly Check[] {
  const about = 'terminal';
  if (output.isTTY !== true)
    return [{ about, name: 'terminal', verdict: 'skipped', says: 'no terminal here: runs are plain' }];
  const { colour, unicode, notification } = capabilitiesOf(output, environment);
  const { columns, rows } = sizeOf(output, environment);
  const small = columns < 60 || rows < 20;
  const inside = isMultiplexed(environment);
  return [
    small
      ? {
          about,
          name: 'size',
          verdict: 'warning',
          says: `${columns} × ${rows}`,
          next: 'The screens want 60 × 20; make the window larger or its letters smaller.',
        }
      : { about, name: 'size', verdict: 'ok', says: `${columns} × ${rows}` },
    {
      about,
      name: 'colour',
      verdict: 'ok',
      says: ['none (nothing is told by colour alone)', '16 colours', '256 colours', 'all colours'][colour]!,
    },
    unicode
      ? { about, name: 'unicode', verdict: 'ok', says: 'UTF-8' }
      : {
          about,
          name: 'unicode',
          verdict: 'warning',
          says: 'the locale is not UTF-8: marks and lines are ASCII',
          next: 'export LANG=C.UTF-8, where the terminal shows UTF-8.',
        },
    {
      about,
      name: 'notification',
      verdict: 'ok',
      says: { osc9: 'desktop, by OSC 9', osc777: 'desktop, by OSC 777', bell: 'the bell' }[notification],
    },
    {
      about,
      name: 'clipboard',
      verdict: 'ok',
      says: 'by OSC 52; no terminal says whether it obeys',
      ...(inside ? { next: 'In tmux: set -g set-clipboard on, set -g allow-passthrough on.' } : {}),
    },
  ];
}
