import { changes, destroys, reads, type Tool, unknown } from './tool.ts';

const show = (names: string, valued = ''): Tool => ({ names, valued, rules: [reads()] });

/** Files and folders, and the small commands of every system. */
export const coreutils: readonly Tool[] = [
  show('ls dir stat file du df pwd basename dirname realpath readlink tree exa eza lsblk blkid findmnt'),
  show('cat zcat bzcat xzcat zstdcat tac nl od xxd hexdump strings wc cksum b2sum cmp diff comm vdiff zdiff'),
  show('md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum md5', '-a -b -c'),
  show('head column cut paste join fold fmt expand unexpand tr rev uniq numfmt pr tsort'),
  show('grep egrep fgrep zgrep zegrep rg ag ack pgrep'),
  show(
    'date cal uptime uname hostid arch nproc free vmstat iostat mpstat lscpu lsof whoami id groups users who w last tty logname getent locale printenv',
  ),
  show(
    'echo printf true false test [ expr seq yes factor sleep usleep which whereis type man info help whatis apropos',
  ),
  show('ps pstree pidof jobs'),
  show('getopts shift return local typeset'),
  show('ping ping6 traceroute tracepath mtr dig host nslookup whois netstat ss arp', '-c -i -W -w'),
  show('pv jq yq bc dc base64 base32 iconv envsubst getconf xmllint'),
  {
    names: 'tail',
    valued: '-n -c --lines --bytes --pid',
    rules: [reads('', { has: '-f -F --follow', longRunning: true, why: 'follows {all}' }), reads()],
  },
  { names: 'less more most', rules: [reads('', { interactive: true })] },
  {
    names: 'top htop atop btop iotop glances',
    valued: '-d -n -p -u -b',
    rules: [reads('', { has: '-b' }), reads('', { interactive: true, longRunning: true })],
  },
  {
    names: 'vi vim nvim nano emacs ed pico code',
    rules: [changes('', { why: 'opens {all} in an editor', interactive: true, hits: ['path', '{0}'] })],
  },
  {
    names: 'rm',
    rules: [
      destroys('', { has: '-r -R --recursive', why: 'deletes {all} and all in it', hits: ['path', '{all}'] }),
      destroys('', { why: 'deletes {all}', hits: ['path', '{all}'] }),
    ],
  },
  {
    names: 'rmdir',
    rules: [destroys('', { why: 'deletes the empty folder {all}', hits: ['path', '{all}'] })],
  },
  {
    names: 'unlink shred srm wipe',
    valued: '-n -s',
    rules: [destroys('', { why: 'deletes {all}', hits: ['path', '{all}'] })],
  },
  {
    names: 'truncate',
    valued: '-s --size -r --reference',
    rules: [destroys('', { why: 'cuts {all}', hits: ['path', '{all}'] })],
  },
  {
    names: 'wipefs',
    rules: [
      reads('', { lacks: '-a --all -o --offset' }),
      destroys('', { why: 'wipes {all}', hits: ['path', '{all}'] }),
    ],
  },
  {
    names: 'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mke2fs mkswap',
    valued: '-t -L',
    rules: [
      destroys('', {
        why: 'makes a file system on {last}: what stood there is gone',
        hits: ['path', '{last}'],
      }),
    ],
  },
  {
    names: 'fdisk sfdisk cfdisk gdisk sgdisk parted',
    rules: [
      reads('', { has: '-l --list -p --print' }),
      destroys('', { why: 'changes the partitions of {all}', hits: ['path', '{all}'], interactive: true }),
    ],
  },
  {
    names: 'lvremove vgremove pvremove lvreduce',
    rules: [destroys('', { why: '{call}', hits: ['path', '{all}'] })],
  },
  { names: 'lvs vgs pvs lvdisplay vgdisplay pvdisplay', rules: [reads()] },
  {
    names: 'lvcreate lvextend vgcreate vgextend pvcreate lvresize resize2fs xfs_growfs',
    valued: '-L -n -s -l',
    rules: [changes()],
  },
  {
    names: 'zfs',
    valued: '-o -t -s',
    rules: [
      reads('list|get'),
      destroys('destroy|rollback', { why: '{call}', hits: ['path', '{all}'] }),
      changes('snapshot|create|set|mount|unmount|clone|send'),
      destroys('receive|recv', { has: '-F', why: '{call}' }),
      changes('receive|recv'),
    ],
  },
  {
    names: 'zpool',
    rules: [
      reads('list|status|iostat'),
      destroys('destroy|labelclear', { why: '{call}' }),
      changes('scrub|import|export|online|offline|add'),
    ],
  },
  {
    names: 'mv',
    valued: '-t --target-directory -S --suffix',
    rules: [
      changes('', { why: 'moves {all}: what has the new name is overwritten', hits: ['path', '{last}'] }),
    ],
  },
  {
    names: 'cp install',
    valued: '-t --target-directory -S --suffix -m --mode -o --owner -g --group',
    rules: [
      changes('', { why: 'copies onto {last}: what has that name is overwritten', hits: ['path', '{last}'] }),
    ],
  },
  { names: 'ln', valued: '-t -S', rules: [changes('', { why: 'links {last}', hits: ['path', '{last}'] })] },
  {
    names: 'mkdir mkfifo mknod touch',
    valued: '-m --mode -d -r -t',
    rules: [changes('', { why: 'makes {all}', hits: ['path', '{all}'] })],
  },
  { names: 'mktemp', valued: '-p -t --suffix', rules: [changes('', { why: 'makes a temporary file' })] },
  {
    names: 'chmod chown chgrp chattr setfacl chcon restorecon',
    valued: '--reference',
    rules: [changes('', { why: '{call}', hits: ['path', '{last}'] })],
  },
  { names: 'getfacl lsattr', rules: [reads()] },
  {
    names: 'tee',
    rules: [changes('', { has: '-a --append', why: 'appends to {all}', hits: ['path', '{all}'] })],
    read: (call) => {
      if (call.options.has('-a', '--append')) return false;
      if (call.operands.length === 0) return call.reader.add('reads', 'copies its input', call.span);
      for (const path of call.operands) call.reader.writes(path);
      return undefined;
    },
  },
  {
    names: 'sort',
    valued: '-k --key -t --field-separator -o --output -S --buffer-size -T --parallel',
    read: (call) => {
      const output = call.options.value('-o', '--output');
      if (output) call.reader.writes(output);
      else call.reader.add('reads', 'sorts', call.span);
    },
  },
  {
    names: 'split csplit',
    valued: '-b -l -n -a -C --bytes --lines',
    rules: [changes('', { why: 'splits {0} into files' })],
  },
  {
    names: 'dd',
    read: (call) => {
      const output = call.args.find((word) => word.text.startsWith('of='));
      if (!output) return call.reader.add('reads', 'copies to standard output', call.span);
      const path = { ...output, text: output.text.slice(3), offset: -1 };
      if (/^\/dev\/(null|stdout)$/.test(path.text))
        return call.reader.add('reads', 'reads to its end', call.span);
      const hits = { kind: 'path' as const, name: path.text };
      const fresh = path.known && !call.reader.elsewhere && call.reader.context.exists?.(path.text) === false;
      if (fresh && !path.text.startsWith('/dev/'))
        return call.reader.add('changes', `writes the new file ${path.text}`, call.span, hits);
      return call.reader.add('destroys', `dd overwrites ${path.text}`, call.span, hits);
    },
  },
  { names: 'sync fsync', rules: [changes('', { why: 'writes buffers to disk' })] },
  {
    names: 'mount',
    valued: '-t -o',
    rules: [changes('', { operands: 1, why: '{call}' }), changes('', { has: '-a --all' }), reads()],
  },
  { names: 'umount swapon swapoff losetup cryptsetup mdadm', rules: [changes('', { why: '{call}' })] },
  {
    names: 'fsck e2fsck xfs_repair fsck.ext4',
    rules: [
      reads('', { has: '-n -N' }),
      changes('', { why: 'repairs the file system of {all}', hits: ['path', '{all}'] }),
    ],
  },
  {
    names: 'kill',
    valued: '-s -n',
    rules: [
      reads('', { has: '-l -L -0' }),
      changes('', { why: 'signals the process {all}', hits: ['other', '{all}'] }),
    ],
  },
  {
    names: 'killall pkill skill',
    valued: '-s -u -t -P -g',
    rules: [
      reads('', { has: '-l -0' }),
      destroys('', { why: 'ends every process that matches {all}', hits: ['other', '{all}'] }),
    ],
  },
  {
    names: 'fuser',
    rules: [destroys('', { has: '-k --kill', why: 'ends the processes that use {all}' }), reads()],
  },
  { names: 'hostname hostnamectl', rules: [changes('', { operands: 1, why: '{call}' }), reads()] },
  { names: 'timedatectl localectl', rules: [changes('set-time|set-timezone|set-ntp|set-locale'), reads()] },
  {
    names: 'reboot shutdown poweroff halt',
    valued: '-t',
    rules: [
      changes('', { has: '-c', why: 'takes a shutdown back' }),
      destroys('', { why: 'stops this machine' }),
    ],
  },
  {
    names: 'useradd adduser usermod passwd groupadd chpasswd chage visudo gpasswd',
    rules: [changes('', { why: '{call}' })],
  },
  { names: 'userdel deluser groupdel delgroup', rules: [destroys('', { why: 'deletes {all}' })] },
  {
    names: 'crontab',
    valued: '-u',
    rules: [
      reads('', { has: '-l' }),
      destroys('', { has: '-r', why: 'deletes the crontab' }),
      changes('', { has: '-e', interactive: true, why: 'edits the crontab' }),
      changes('', { why: 'replaces the crontab' }),
    ],
  },
  { names: 'at batch', rules: [unknown('', { why: 'runs something later' })] },
  { names: 'logger wall write', rules: [changes('', { why: '{call}' })] },
  {
    names: 'iptables ip6tables nft ufw firewall-cmd ipset',
    rules: [
      reads('', { has: '-L -S --list --list-all --state --get-active-zones' }),
      reads('list|status'),
      destroys('', { has: '-F --flush -X', why: 'flushes firewall rules' }),
      destroys('flush|reset'),
      changes('', { why: 'changes the firewall' }),
    ],
  },
  {
    names: 'ip ifconfig route',
    rules: [
      reads('addr show|address show|a show|route show|link show|neigh show'),
      changes('', { operands: 2, why: '{call}' }),
      reads(),
    ],
  },
  { names: 'sysctl', rules: [changes('', { has: '-w -p --system --write' }), reads()] },
  { names: 'modprobe insmod rmmod', rules: [changes()] },
  {
    names: 'dmesg',
    rules: [
      destroys('', { has: '-C --clear -c --read-clear' }),
      reads('', { has: '-w --follow', longRunning: true }),
      reads(),
    ],
  },
];
