import type { Call } from '../call.ts';
import { readStartedFile } from '../started-file.ts';
import { wordOf } from '../word.ts';
import { changes, type Tool } from './tool.ts';

const valued =
  '-t --target-directory -S --suffix -m --mode -o --owner -g --group --strip-program --context --sparse --reflink';

/** Copying, moving and linking: where a file of the new name is known to be there, it is destroyed. */
export const copy: readonly Tool[] = [
  {
    names: 'mv',
    valued,
    read: overwrites,
    rules: [
      changes('', { why: 'moves {all}: what has the new name is overwritten', hits: ['path', '{last}'] }),
    ],
  },
  {
    names: 'cp install',
    valued,
    runs: '--strip-program',
    read: overwrites,
    rules: [
      changes('', { why: 'copies onto {last}: what has that name is overwritten', hits: ['path', '{last}'] }),
    ],
  },
  {
    names: 'ln',
    valued,
    read: overwrites,
    rules: [changes('', { why: 'links {last}', hits: ['path', '{last}'] })],
  },
  {
    names: 'scp',
    valued: '-i -P -F -l -J -c -o -D -X',
    runs: '-S',
    read: (call) => {
      readSshOptions(call);
      return false;
    },
    rules: [changes('', { why: 'copies onto {last}', hits: ['path', '{last}'] })],
  },
];

/** Options of ssh and its kin that start a command here. After "ssh_config". */
export function readSshOptions(call: Call): undefined {
  const { options, reader, span } = call;
  const file = options.value('-F');
  if (
    file &&
    !/^(\/dev\/null|none)$/.test(file.text) &&
    !/^(~|\$HOME|\/root|\/home\/[^/]+)\/\.ssh\/config$/.test(file.text)
  )
    reader.add('unknown', `takes from ${file.text} what may start something`, span);
  for (const option of options.values('-o')) {
    const [, key = '', value = ''] = /^\s*(\w+)[=\s]+([\s\S]*)$/.exec(option.text) ?? [];
    if (value === 'none') continue;
    if (/^(ProxyCommand|LocalCommand|KnownHostsCommand)$/i.test(key))
      reader.shell({ ...option, text: value, offset: -1 }, { span });
    else if (/^(PKCS11Provider|SecurityKeyProvider|XAuthLocation|Include|Match)$/i.test(key))
      reader.add('unknown', `${key} may start ${value}`, span);
  }
}

/** Says so where the file of the new name is there; else the rules speak. */
function overwrites(call: Call): boolean {
  const { options, operands, reader, span, name } = call;
  started(call);
  if (name === 'install' && options.has('-d', '--directory')) return false;
  if (name === 'ln' && !options.has('-f', '--force')) return false;
  if (options.has('-n', '--no-clobber', '--update=none', '-b', '--backup', '-i', '--interactive'))
    return false;
  const folder = options.value('-t', '--target-directory');
  const target = folder ?? (operands.length > 1 ? operands.at(-1) : undefined);
  if (!target) return false;
  if (name === 'mv' && target.text === '/dev/null') {
    reader.add('destroys', 'moves files onto /dev/null: the last is left there, the rest are gone', span, {
      kind: 'path',
      name:
        operands.length > 1 && !folder
          ? operands
              .slice(0, -1)
              .map((word) => word.text)
              .join(' ')
          : '/dev/null',
    });
    return true;
  }
  if (/^\/dev\/(?!null$|std|fd\/|shm\/)/.test(target.text) && name !== 'ln') {
    reader.writes(target);
    return true;
  }
  const sources = folder ? operands : operands.slice(0, -1);
  const into = folder !== undefined || reader.exists(target, `${target.text}/.`) === true;
  const hit = (path: string) => {
    reader.add('destroys', `${name} overwrites ${path}, which exists`, span, {
      kind: 'path',
      name: path,
      replaced: true,
    });
    return true;
  };
  if (!into || (name === 'ln' && options.has('-n', '-T')))
    return (
      reader.exists(target) === true && !/^\/dev\/(null|stdout|stderr)$/.test(target.text) && hit(target.text)
    );
  let found = false;
  for (const source of sources) {
    const path = `${target.text.replace(/\/$/, '')}/${source.text.split('/').filter(Boolean).at(-1) ?? ''}`;
    const there = source.known && reader.exists(wordOf(path, span, target.known)) === true;
    // A folder that is there is filled, not replaced.
    if (there && reader.exists(wordOf(path, span, target.known), `${path}/.`) !== true) found = hit(path);
  }
  return found;
}

/** A file that something starts by itself gets another text, under its name or in its folder. */
function started({ options, operands, reader }: Call): undefined {
  const folder = options.value('-t', '--target-directory');
  const target = folder ?? (operands.length > 1 ? operands.at(-1) : undefined);
  if (!target) return;
  readStartedFile(target, reader);
  for (const source of folder ? operands : operands.slice(0, -1)) {
    const name = source.text.split('/').filter(Boolean).at(-1);
    if (name) readStartedFile(target, reader, `${target.text.replace(/\/$/, '')}/${name}`);
  }
}
