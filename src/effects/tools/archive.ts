import type { Call } from '../call.ts';
import { wordOf } from '../word.ts';
import { changes, destroys, reads, type Tool } from './tool.ts';

/** Packing, unpacking and copying to other machines. */
export const archive: readonly Tool[] = [
  {
    names: 'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd pigz unpigz lz4 compress uncompress lzop',
    valued: '-S -T --threads -o -B --suffix',
    read: compress,
  },
  {
    names: 'tar gtar bsdtar',
    runs: '--to-command -I --use-compress-program -F --info-script --new-volume-script --rsh-command --rmt-command',
    valued:
      '-C --directory -T --files-from -X --exclude-from --exclude --transform --strip-components --checkpoint-action --warning --owner --group --mode',
    read: tar,
  },
  {
    names: 'zip',
    valued: '-x -i -P -b -O -t -tt',
    runs: '-TT --unzip-command',
    singleDash: true,
    // Letters may stand together: `-rm`.
    read: (call) => {
      if (!call.args.some(({ text }) => /^-[a-zA-Z0-9]*m[a-zA-Z0-9]*$/.test(text))) return false;
      return call.reader.add(
        'destroys',
        `packs and deletes ${call.operands.map((w) => w.text).join(' ')}`,
        call.span,
      );
    },
    rules: [
      destroys('', { has: '--move', why: 'packs and deletes {all}' }),
      changes('', { why: 'writes {0}', hits: ['path', '{0}'] }),
    ],
  },
  {
    names: 'unzip',
    valued: '-d -x -P',
    rules: [reads('', { has: '-l -t -v -p -Z -z' }), changes('', { why: 'unpacks {0}' })],
  },
  { names: 'zipinfo', rules: [reads()] },
  { names: '7z 7za', rules: [reads('l|t'), destroys('d', { why: 'deletes from {0}' }), changes('a|x|e|u')] },
  {
    names: 'cpio',
    runs: '--rsh-command',
    valued: '-D -F -H',
    rules: [reads('', { has: '-t --list' }), reads('', { has: '-o --create', lacks: '-F -O' }), changes()],
  },
  {
    names: 'rsync',
    runs: '-e --rsh --rsync-path',
    valued:
      '--exclude --include --filter --exclude-from --include-from --files-from --bwlimit --log-file --port --password-file --chmod --chown --backup-dir --timeout -f -T',
    rules: [
      reads('', { has: '-n --dry-run', why: 'shows what it would copy' }),
      reads('', { has: '--list-only' }),
      destroys('', {
        has: '--delete --del --delete-before --delete-after --delete-during --delete-delay --delete-excluded --remove-source-files',
        why: 'makes {last} like the source, deleting',
        hits: ['path', '{last}'],
      }),
      changes('', { why: 'copies onto {last}', hits: ['path', '{last}'] }),
    ],
  },
  {
    names: 'gpg gpg2',
    runs: '--photo-viewer --agent-program --pinentry-program --dirmngr-program --keyserver-program',
    loads: '--options --exec-path',
    valued:
      '-o --output -r --recipient -u --local-user --passphrase --passphrase-file --homedir --cipher-algo',
    read: (call) => {
      const output = call.options.value('-o', '--output');
      if (output) call.reader.writes(output);
      return false;
    },
    rules: [
      reads('', {
        has: '--list-keys -k --list-secret-keys -K --verify --version --fingerprint --list-packets',
      }),
      destroys('', {
        has: '--delete-keys --delete-secret-keys --delete-key --delete-secret-key',
        why: 'deletes keys',
      }),
      changes('', {
        has: '--import --gen-key --full-generate-key --edit-key --recv-keys --export-secret-keys --sign-key --quick-gen-key',
      }),
      reads('', { has: '-o --output' }),
      reads('', { has: '-d --decrypt --export' }),
      changes('', { operands: 1, why: 'writes an encrypted or signed copy of {0}' }),
      reads(),
    ],
  },
  {
    names: 'age',
    valued: '-o --output -r --recipient -R --recipients-file -i --identity',
    read: (call) => {
      const output = call.options.value('-o', '--output');
      if (output) call.reader.writes(output);
      else call.reader.add('reads', 'encrypts or decrypts to standard output', call.span);
      return undefined;
    },
  },
  {
    names: 'openssl',
    loads: '-engine -config -provider-path',
    valued: '-in -out -pass -k -K -iv -connect -servername -days -subj',
    singleDash: true,
    read: (call) => {
      const output = call.options.value('-out');
      if (output) call.reader.writes(output);
      if (call.operands[0]?.text === 's_client') talks(call);
      return false;
    },
    rules: [
      reads(
        'version|dgst|enc|s_client|x509|rand|verify|rsa|pkey|req|ciphers|crl|asn1parse|base64|md5|sha256|passwd|pkcs12|ec|list',
      ),
      changes('genrsa|genpkey|ca|ecparam'),
    ],
  },
  {
    names: 'restic',
    runs: '--password-command',
    valued:
      '-r --repo --password-file -p --tag --host --path --keep-last --keep-daily --keep-weekly --keep-monthly --target -t -H',
    rules: [
      reads('snapshots|ls|find|stats|check|cat|diff|dump|version|key list|list'),
      reads('forget|prune', { has: '--dry-run -n' }),
      destroys('forget|prune|key remove', { why: '{call}' }),
      changes('backup|init|unlock|tag|copy|mount|rebuild-index|repair|migrate|restore|key'),
    ],
  },
  {
    names: 'borg',
    runs: '--rsh',
    rules: [
      reads('list|info|check|diff|version'),
      reads('prune|delete', { has: '--dry-run -n' }),
      destroys('prune|delete|compact', { why: '{call}' }),
      changes('create|init|extract|mount|key|rename'),
    ],
  },
  {
    names: 'rclone',
    runs: '--password-command --sftp-ssh --metadata-mapper',
    valued: '--config --transfers --include --exclude --filter --min-age --max-age --log-file --bwlimit',
    rules: [
      reads('', { has: '--dry-run -n' }),
      reads(
        'ls|lsd|lsl|lsf|lsjson|size|check|cat|about|version|md5sum|sha1sum|listremotes|config show|tree|ncdu',
      ),
      destroys('delete|deletefile|purge|sync|rmdir|rmdirs|cleanup|dedupe', {
        why: '{call}',
        hits: ['bucket', '{last}'],
      }),
      changes('copy|copyto|move|moveto|mkdir|config|rcat|touch|bisync|mount', {
        why: '{call}',
        hits: ['bucket', '{last}'],
      }),
    ],
  },
];

function compress(call: Call): undefined {
  const { options, operands, reader, span, name } = call;
  const aside = options.value('-o', '--output');
  if (aside) return reader.writes(aside);
  if (
    operands.length === 0 ||
    options.has('-c', '--stdout', '--to-stdout', '-t', '--test', '-l', '--list', '-dc', '-V', '--version')
  )
    return reader.add('reads', `${name} to standard output`, span);
  const files = operands.map((word) => word.text).join(' ');
  const keeps = options.has('-k', '--keep') || /^(zstd|unzstd|lz4|lzop)$/.test(name);
  if (/^un|bunzip|gunzip/.test(name) || options.has('-d', '--decompress', '--uncompress'))
    return reader.add('changes', `unpacks ${files}${keeps ? '' : ' in its place'}`, span, {
      kind: 'path',
      name: files,
    });
  return reader.add('changes', `packs ${files}${keeps ? '' : ' in its place'}`, span, {
    kind: 'path',
    name: files,
  });
}

/** `tar czf x`, `tar -xzf x`, `tar --extract`: the mode is a letter of the first word. */
function tar(call: Call): undefined {
  const { args, options, reader, span } = call;
  for (const action of options.values('--checkpoint-action')) {
    const command = /^exec=([\s\S]*)$/.exec(action.text)?.[1];
    if (command !== undefined) reader.shell(wordOf(command, span, action.known), { span });
  }
  const first = args[0]?.text ?? '';
  const bundled = /^[a-zA-Z]+$/.test(first) ? first : '';
  const clusters =
    args
      .filter((word) => /^-[a-zA-Z]/.test(word.text))
      .map((word) => word.text.slice(1))
      .join('') + bundled;
  const is = (letter: string, ...long: string[]) => clusters.includes(letter) || options.has(...long);
  const after = args.findIndex(
    (word, i) =>
      (i === 0 && bundled.includes('f')) || /^-[a-zA-Z]*f$/.test(word.text) || word.text === '--file',
  );
  const file = options.value('--file') ?? (after >= 0 ? args[after + 1] : undefined);
  const aimed = file && file.text !== '-' ? file : undefined;
  if (options.has('--remove-files')) return reader.add('destroys', 'packs files and deletes them', span);
  if (options.has('--delete'))
    return reader.add('destroys', `deletes from ${file?.text ?? 'an archive'}`, span);
  if (is('t', '--list')) return reader.add('reads', `lists ${file?.text ?? 'an archive'}`, span);
  if (is('d', '--diff', '--compare') && !is('x', '--extract', '--get') && !is('c', '--create'))
    return reader.add('reads', 'compares an archive', span);
  if (is('x', '--extract', '--get')) {
    if (is('O', '--to-stdout')) return reader.add('reads', 'unpacks to standard output', span);
    return reader.add(
      'changes',
      `unpacks ${file?.text ?? 'an archive'}: files of the same name are overwritten`,
      span,
      { kind: 'path', name: options.value('-C', '--directory')?.text ?? '.' },
    );
  }
  if (is('c', '--create')) {
    if (aimed) return reader.writes(aimed);
    return reader.add('reads', 'packs to standard output', span);
  }
  if (is('r', '--append') || is('u', '--update') || is('A', '--concatenate'))
    return reader.add('changes', `adds to ${file?.text ?? 'an archive'}`, span);
  if (options.has('--version', '--help')) return reader.add('reads', 'tar shows its version', span);
  return reader.add('unknown', 'tar without a mode', span);
}

/** What stands at the input of a client goes to the server, which may do as it is told. */
function talks({ stdin, reader, span }: Call): undefined {
  if (stdin === undefined || stdin.kind === 'nothing') return;
  if (stdin.kind === 'text' && stdin.text.known && /^\s*(?:Q(?:UIT)?)?\s*$/i.test(stdin.text.text)) return;
  reader.add('unknown', 'sends what it is given to a server', span);
}
