import { userInfo } from 'node:os';

/** Who is at the keyboard: DRILLBOOK_OPERATOR, else the one behind sudo, else the user. */
export function operatorOf(environment: NodeJS.ProcessEnv): string {
  const named = environment.DRILLBOOK_OPERATOR || environment.SUDO_USER || environment.USER;
  if (named) return named;
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as containers have it.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
