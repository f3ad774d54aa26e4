import type { Call } from '../call.ts';
import { wordOf } from '../word.ts';
import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

/** What installs and removes programs. */
export const packages: readonly Tool[] = [
  {
    names: 'apt apt-get aptitude',
    valued: '-o --option -t',
    loads: '-c --config-file',
    read: hooks,
    rules: [
      reads('list|show|search|policy|depends|rdepends|changelog|check|madison'),
      reads('', { has: '-s --simulate --dry-run --just-print' }),
      destroys('purge', { why: 'removes {all} and their files' }),
      destroys('autoremove', { has: '--purge', why: 'removes packages and their files' }),
      destroys('remove|autoremove', { why: 'removes {all}' }),
      changes(
        'install|update|upgrade|dist-upgrade|full-upgrade|reinstall|clean|autoclean|download|source|build-dep|edit-sources',
      ),
      unknown(),
    ],
  },
  {
    names: 'apt-cache apt-mark apt-key add-apt-repository dpkg-query update-alternatives',
    rules: [reads('search|show|policy|showpkg|depends|showhold|showauto|list'), changes()],
  },
  {
    names: 'dpkg rpm',
    runs: '--pipe',
    valued: '--eval -E --define -D --root --admindir',
    loads: '--rcfile --load',
    read: (call) => {
      for (const macro of call.options.values('--eval', '-E', '--define', '-D'))
        for (const [, command] of macro.text.matchAll(/%\(([^)]*)\)/g))
          call.reader.shell(wordOf(command!, call.span), { span: call.span });
      return false;
    },
    rules: [
      reads('', {
        has: '-l -L -s -S --list --listfiles --status -q -qa -V --query --get-selections --print-architecture',
      }),
      destroys('', { has: '-r -P -e --remove --purge --erase', why: 'removes {all}' }),
      changes(),
    ],
  },
  {
    names: 'yum dnf microdnf zypper',
    rules: [
      reads('list|info|search|check-update|repolist|provides|history list|repoquery'),
      destroys('remove|erase|autoremove|rm|history undo|history rollback|downgrade', {
        why: 'removes {all}',
      }),
      changes(
        'install|update|upgrade|reinstall|clean|makecache|module|groupinstall|config-manager|localinstall|in|up|ref|refresh|ar|addrepo',
      ),
      unknown(),
    ],
  },
  {
    names: 'apk',
    rules: [
      reads('info|list|search|version|policy|stats'),
      destroys('del', { why: 'removes {all}' }),
      changes('add|update|upgrade|fix|cache'),
      unknown(),
    ],
  },
  {
    names: 'pacman',
    rules: [reads('', { has: '-Q -Ss -Si' }), destroys('', { has: '-R', why: 'removes {all}' }), changes()],
  },
  {
    names: 'brew port snap flatpak',
    rules: [
      reads('list|info|search|outdated|deps|config|doctor|find|services list|--version|version'),
      destroys('uninstall|remove|rm|cleanup|autoremove|zap', { why: 'removes {all}' }),
      changes(
        'install|upgrade|update|tap|link|unlink|pin|reinstall|services|refresh|set|connect|revert|bundle',
      ),
      unknown(),
    ],
  },
  {
    names: 'npm yarn pnpm',
    valued: '--prefix -w --workspace -C --filter --registry',
    rules: [
      reads(
        'ls|list|view|info|outdated|audit|ping|whoami|why|config get|config list|search|help|root|bin|version',
        { lacks: '--fix' },
      ),
      destroys('unpublish|deprecate', { why: '{call}' }),
      changes(
        'install|i|ci|add|update|upgrade|remove|uninstall|un|rm|prune|dedupe|link|publish|pack|cache|login|logout|init|config|rebuild|version|audit|import|fetch',
      ),
      unknown(),
    ],
  },
  {
    names: 'pip pip3 pipx uv poetry gem bundle cargo go composer',
    read: inEnvironment,
    rules: [
      reads(
        'list|show|freeze|check|search|outdated|version|env|vet|doc|tree|metadata|info|--version|help|pip list|pip show',
      ),
      destroys('uninstall|cache purge', { why: '{call}' }),
      changes(
        'install|download|update|add|remove|lock|sync|build|get|mod|fmt|clean|publish|require|pip install|pip sync|venv|cache|i|fetch|clippy|init',
      ),
      unknown(),
    ],
  },
  {
    names: 'asdf nvm rbenv pyenv mise sdk',
    rules: [
      reads('list|ls|current|version|versions|which|where'),
      destroys('uninstall'),
      changes('install|use|global|local|alias|update|set'),
    ],
  },
];

/** `apt-get -o APT::Update::Pre-Invoke::=command update`. */
function hooks(call: Call): false {
  for (const option of call.options.values('-o', '--option')) {
    const [, key = '', value = ''] = /^([\w:-]+?)=([\s\S]*)$/.exec(option.text) ?? [];
    if (/invoke|hook|pager|editor|::bin::|solver|planner|methods/i.test(key))
      call.reader.shell({ ...option, text: value, offset: -1 }, { span: call.span });
  }
  return false;
}

/** `bundle exec`, `poetry run` and `uv run` start a command with the project's packages. */
function inEnvironment(call: Call): boolean {
  // Options of go have one dash.
  for (const [at, word] of call.args.entries()) {
    const value = /^-(?:exec|toolexec|vettool)(?:=([\s\S]*))?$/.exec(word.text);
    const command =
      value && (value[1] === undefined ? call.args[at + 1] : { ...word, text: value[1], offset: -1 });
    if (call.name === 'go' && command) call.reader.shell(command, { span: call.span });
  }
  const [verb, ...command] = call.operands;
  if (!/^(exec|run)$/.test(verb?.text ?? '') || command.length === 0) return false;
  call.reader.command(call.args.slice(call.args.indexOf(command[0]!)), {
    span: call.span,
    stdin: call.stdin,
    external: true,
  });
  return true;
}
