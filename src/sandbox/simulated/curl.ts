import type { Simulated } from './call.ts';
import { becomes } from './child.ts';

/**
 * The `curl` of the sandbox: the real one, with the addresses of providers and applications turned to the sample
 * application, which answers for them. Everything else of the command line is the real program's to judge.
 */
export const curl: Simulated = async (call, world) => {
  const args = call.args.map((word) => {
    const turned = turnedTo(word, world.applicationUrl);
    return turned ?? word;
  });
  return becomes('curl', args, { ...call.env, PATH: world.realPath(call.env) }, call.cwd);
};

/** Where an address leads in the sandbox; undefined for one that is left as it is. */
export function turnedTo(word: string, applicationUrl: string): string | undefined {
  if (!URL.canParse(word)) return undefined;
  const { hostname, pathname, search } = new URL(word);
  if (hostname === 'api.render.com') return `${applicationUrl}/simulated/render${pathname}${search}`;
  // Nothing answers for it here; but from the sandbox the real one is not reached.
  if (/^backboard\.railway\./.test(hostname)) return `${applicationUrl}/simulated/railway${pathname}`;
  const ours =
    /(^|\.)(railway\.app|onrender\.com|yourdomain\.com|example\.com)$/.test(hostname) ||
    hostname === 'localhost';
  if (!ours) return undefined;
  return /health|ready/.test(pathname) ? `${applicationUrl}/health/ready` : `${applicationUrl}${pathname}`;
}
