import type { Doing } from '../document.ts';
import type { Rule } from '../rule.ts';

const begins =
  /maintenance(?:[-_ ]mode)?[\s:='"]*(?:on|true|enabled?)\b|\b(?:enable|put|switch|turn|set|enter)\w*\b.*\b(?:maintenance|read-?only)\b|MAINTENANCE_MODE=(?:true|1|on)|READ_ONLY(?:_MODE)?=(?:true|1|on)/i;
const ends =
  /maintenance(?:[-_ ]mode)?[\s:='"]*(?:off|false|disabled?)\b|\b(?:disable|leave|lift|end|remove|exit|switch off|turn off)\w*\b.*\b(?:maintenance|read-?only)\b|MAINTENANCE_MODE=(?:false|0|off)|READ_ONLY(?:_MODE)?=(?:false|0|off)|\b(?:bring|back)\b.*\bonline\b|maintenance.*\boff\b|"enabled":\s*false/i;

export const maintenanceWithoutOff: Rule = {
  id: 'maintenance-without-off',
  severity: 'error',
  summary: 'maintenance mode is switched on, and no later step switches it off',
  why: 'When the restore is done everybody is tired and relieved. The users go on seeing the maintenance page until one of them calls.',
  instead: 'End the procedure with a step that switches it off again and looks at the health check.',
  examples: {
    bad: [
      '# Example\n\n## Restore\n\n### Step 1: Enable maintenance mode\n\n```bash\nrailway variable set MAINTENANCE_MODE=true\n```\n\n### Step 2: Restore\n\n```bash\npg_restore -d app b.dump\n```\n',
    ],
    good: [
      '# Example\n\n## Restore\n\n### Step 1: Enable maintenance mode\n\n```bash\nrailway variable set MAINTENANCE_MODE=true\n```\n\n### Step 2: Disable maintenance mode\n\n```bash\nrailway variable set MAINTENANCE_MODE=false\n```\n',
    ],
  },
  check(document, report) {
    const on = document.doings.filter(
      (doing) => doing.procedure && begins.test(words(doing)) && !ends.test(words(doing)),
    );
    const reported = new Set<unknown>();
    for (const doing of on) {
      if (reported.has(doing.procedure?.id)) continue;
      const later = document.doings.filter((other) => other.part.range.start > doing.part.range.start);
      const off = later.some(
        (other) => (other.phase === 'maintenance-off' && other !== doing) || ends.test(words(other)),
      );
      if (off || document.prose.some((line) => line.start > doing.part.range.start && ends.test(line.text)))
        continue;
      reported.add(doing.procedure?.id);
      report(doing.part.range);
    }
  },
};

function words(doing: Doing): string {
  return `${doing.step?.title ?? ''}\n${doing.part.text}`;
}
