import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where Drillbook keeps what it keeps. Absolute paths; none of them is created here. */
export interface Folders {
  /** Runs, journals, the sandbox: what must survive but belongs to this machine. */
  readonly state: string;
  /** Targets and preferences. */
  readonly config: string;
  /** What a person would miss: training results, history. */
  readonly data: string;
  /** What can be made again. */
  readonly cache: string;
}

/**
 * Follows the XDG Base Directory Specification 0.8 with a folder `drillbook` in each of its places. A relative path
 * in an XDG variable is ignored, as the specification wants. `DRILLBOOK_HOME` overrides all: the four folders then
 * stand in it; a relative one counts from the working directory.
 */
export function folders(env: NodeJS.ProcessEnv): Folders {
  if (env.DRILLBOOK_HOME) {
    const home = resolve(env.DRILLBOOK_HOME);
    return {
      state: join(home, 'state'),
      config: join(home, 'config'),
      data: join(home, 'data'),
      cache: join(home, 'cache'),
    };
  }
  const user = env.HOME && isAbsolute(env.HOME) ? env.HOME : homedir();
  const place = (given: string | undefined, ...usual: string[]) =>
    join(given && isAbsolute(given) ? given : join(user, ...usual), 'drillbook');
  return {
    state: place(env.XDG_STATE_HOME, '.local', 'state'),
    config: place(env.XDG_CONFIG_HOME, '.config'),
    data: place(env.XDG_DATA_HOME, '.local', 'share'),
    cache: place(env.XDG_CACHE_HOME, '.cache'),
  };
}
