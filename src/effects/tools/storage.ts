import { changes, destroys, reads, type Tool } from './tool.ts';

/** Disks, volumes and file systems. */
export const storage: readonly Tool[] = [
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
  { names: 'sync fsync', rules: [changes('', { why: 'writes buffers to disk' })] },
  {
    names: 'mount',
    valued: '-t -o',
    rules: [changes('', { operands: 1, why: '{call}' }), changes('', { has: '-a --all' }), reads()],
  },
  {
    names: 'cryptsetup',
    rules: [
      reads('status|luksDump|isLuks|luksUUID|benchmark'),
      destroys('luksFormat|erase|luksErase|luksKillSlot|luksRemoveKey|reencrypt', { why: '{call}' }),
      changes('', { why: '{call}' }),
    ],
  },
  {
    names: 'mdadm',
    rules: [
      reads('', { has: '--detail -D --examine -E --query -Q' }),
      destroys('', { has: '--zero-superblock --create -C --build -B --fail --remove', why: '{call}' }),
      changes('', { why: '{call}' }),
    ],
  },
  { names: 'umount swapon swapoff losetup', rules: [changes('', { why: '{call}' })] },
  {
    names: 'fsck e2fsck xfs_repair fsck.ext4',
    rules: [
      reads('', { has: '-n -N' }),
      changes('', { why: 'repairs the file system of {all}', hits: ['path', '{all}'] }),
    ],
  },
];
