import { toolNamed } from '../../effects/tools/table.ts';
import { invocationsOf } from '../database-work.ts';
import type { Rule } from '../rule.ts';

const builtins =
  /^(cd|echo|export|set|unset|source|\.|read|test|\[|\[\[|true|false|exit|return|wait|trap|eval|exec|alias|local|declare|printf|pwd|type|command|shift|ulimit|umask|jobs|fg|bg|let|history|break|continue|:|kill|getopts|shopt|time|hash|builtin|disown|mapfile|readarray|dirs|pushd|popd|help|times|caller|enable|compgen|complete|suspend|logout|coproc|function|if|for|while)$/;

export const missingTool: Rule = {
  id: 'missing-tool',
  severity: 'warning',
  summary: 'a command that the runbook needs is not on this machine',
  why: "Installing a client while production is down takes ten minutes and somebody's permission.",
  instead: 'Install it now, on every machine from which the runbook may be followed.',
  examples: { bad: [], good: ['# Example\n\n## Look\n\n```bash\npsql -l\n```\n'] },
  check(document, report) {
    const { hasTool } = document.context;
    if (!hasTool) return;
    const asked = new Set<string>();
    const defined = new Set(
      document.scripts.flatMap((script) =>
        [...script.text.matchAll(/^\s*(?:function\s+)?([\w-]+)\s*\(\)/gm)].map((found) => found[1]!),
      ),
    );
    for (const { invocation, script } of invocationsOf(document)) {
      const { name, within } = invocation;
      // Inside a container or on another host, this machine says nothing.
      if (
        within.some((each) =>
          /^(docker|podman|kubectl|ssh|oc|nerdctl|vagrant|docker-compose|gcloud|az|heroku|fly|flyctl)$/.test(
            each,
          ),
        )
      )
        continue;
      if (asked.has(name) || builtins.test(name) || defined.has(name) || !/^[a-z][\w.+-]*$/.test(name))
        continue;
      // A word that nobody knows as a command and that is not found is more likely prose.
      if (!toolNamed(name) && !/^[a-z][a-z0-9-]+$/.test(name)) continue;
      asked.add(name);
      if (hasTool(name) === false)
        report(script.place(invocation.start, invocation.end), { message: `${name} is not on this machine` });
    }
  },
};
