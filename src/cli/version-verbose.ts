import { release } from 'node:os';
import { SettingsError } from '../settings/project-file.ts';
import { capabilitiesOf } from '../terminal/capabilities.ts';
import { sanitiseLine } from '../terminal/sanitise.ts';
import { sizeOf } from '../terminal/size.ts';
import { exit } from './exit.ts';
import { knownTools, versionOf } from './installed-tools.ts';
import { readSettings } from './settings.ts';
import { version } from './version.ts';

/** `drillbook --version --verbose`: what a bug report needs. Names of targets and kinds of stores; no address, no value. */
export async function versionVerbose(): Promise<number> {
  const { env, stdout } = process;
  const { colour, unicode, notification } = capabilitiesOf(stdout, env);
  const { columns, rows } = sizeOf(stdout, env);
  const found = await Promise.all(
    knownTools.map(async (name) => `${name} ${(await versionOf(name, env)) ?? 'missing'}`),
  );
  const rowsOut: (readonly [string, string])[] = [
    ['drillbook', version],
    ['node', process.versions.node],
    ['platform', `${process.platform} ${process.arch} ${release()}`],
    [
      'terminal',
      `${env.TERM ?? 'none'} ${env.TERM_PROGRAM ?? ''} ${columns}x${rows} colour=${colour} unicode=${unicode} notification=${notification} tty=${stdout.isTTY === true}`.replace(
        / +/g,
        ' ',
      ),
    ],
    ['tools', found.join(', ')],
    ...(await settingsRows()),
  ];
  const width = Math.max(...rowsOut.map(([name]) => name.length));
  stdout.write(rowsOut.map(([name, value]) => `${name.padEnd(width)}  ${sanitiseLine(value)}\n`).join(''));
  return exit.done;
}

async function settingsRows(): Promise<(readonly [string, string])[]> {
  try {
    const { targets } = await readSettings(process.env, process.cwd());
    const names = Object.entries(targets).map(
      ([name, { environment, engine, store }]) =>
        `${name} (${environment}, ${engine}, store ${store === undefined ? 'none' : (/^([a-z0-9]+):\/\//.exec(store)?.[1] ?? 'folder')})`,
    );
    return [['targets', names.join(', ') || 'none']];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return [['targets', 'the settings cannot be read']];
  }
}
