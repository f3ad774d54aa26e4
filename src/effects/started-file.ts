import type { Reader } from './call.ts';
import { isSystemFolder } from './starting-variable.ts';
import type { Word } from './word.ts';

const home = String.raw`(?:~|\$HOME|\$\{HOME\}|/root|/home/[^/]+|/Users/[^/]+)`;

/** What a program runs, or takes settings from that start something, when it is next started. After their manual pages. */
const started: readonly RegExp[] = [
  // By its name, because a relative one may stand in the home folder.
  /(?:^|\/)\.(?:psqlrc(?:-[\d.]+)?|bashrc|bash_(?:profile|login|logout|aliases)|profile|z(?:shrc|shenv|profile|login)|sqliterc|my\.cnf|mylogin\.cnf|mongoshrc\.js|mongorc\.js|vimrc|exrc|gdbinit)$/,
  new RegExp(
    String.raw`^${home}/\.(?:gitconfig|ssh/(?:config|rc)|curlrc|wgetrc|config/(?:git/|systemd/|psql))`,
  ),
  /(?:^|\/)\.git\/(?:config$|hooks\/)/,
  /^\/etc\/(?:cron|profile|bash\.bashrc|bashrc|zsh|environment|ld\.so|sudoers|init\.d\/|rc\.local|gitconfig|ssh\/ssh_?config|psqlrc|postgresql-common\/psqlrc|my\.cnf|mysql\/|systemd\/|periodic\/)/,
  /^\/(?:usr\/)?lib\/systemd\//,
  /^\/var\/spool\/(?:cron|at)\//,
];

/**
 * Says so where a file is written that something runs later without naming it: a start-up file, a table of cron, a
 * command of the system. What it will do then, no later command shows.
 */
export function readStartedFile(path: Word, reader: Reader, name: string = path.text): undefined {
  if (reader.elsewhere) return;
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const command = folder !== '' && folder !== name && isSystemFolder(folder);
  if (!command && !started.some((each) => each.test(name))) return;
  reader.add('unknown', `what stands in ${name} is run later, by a command that does not name it`, path, {
    kind: 'path',
    name,
  });
}
