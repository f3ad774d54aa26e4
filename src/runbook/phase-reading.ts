import type { Phase } from './phase.ts';

const titles: readonly (readonly [Phase, RegExp])[] = [
  [
    'disconnect',
    /\b(?:terminat|kill|drop|close|disconnect|end|verify no|no active|check (?:for )?active|block new)\w*\b.*\b(?:connections?|sessions?|clients?|backends?)\b|\bconnection termination\b|\bdisconnect\b/i,
  ],
  [
    'maintenance-off',
    /\bback online\b|\b(?:bring|come|go|get|is|are)\b.*\bback up\b(?! the)|\b(?:disable|leave|exit|end|turn off|switch off|lift|remove)\b.*\b(?:maintenance|read[- ]only)\b|\bmaintenance\b.*\boff\b|\b(?:resume|restore) (?:service|traffic|operations|writes)\b|\b(?:restart|start|resume|redeploy|scale up)\b.*\b(?:app|applications?|api|services?|workers?|web|railway|pods?)\b|\bvalidate and resume\b|\bre-?open\b/i,
  ],
  [
    'maintenance-on',
    /\bmaintenance\b.*\bmode\b(?!.*\boff\b)|\b(?:enable|enter|put|turn on)\b.*\b(?:maintenance|read[- ]only)\b|\bread[- ]only mode\b|\b(?:stop|shut ?down|halt|pause|quiesce|scale down|drain|block)\b.*\b(?:app|applications?|api|services?|writes|traffic|workers?|web)\b/i,
  ],
  [
    'safety-backup',
    /\b(?:safety|pre-?restore|current|existing|corrupt\w*)\b.*\b(?:backup|back up|snapshot|dump)\b|\b(?:backup|back up|snapshot|dump)\b.*\b(?:of (?:the )?(?:current|existing|corrupt\w*)|current|existing|\(safety\)|before(?!\W*$)|safety)\b|\bsafety (?:backup|snapshot)\b/i,
  ],
  [
    'pre-check',
    /\bpre-?(?:backup |restore |flight |upgrade |requisite )?check|\bprerequisites?\b|\bbefore (?:you|restor|start|begin)|\bpre-?restore\b|\bpreflight\b|\bassess\b|\bimmediate actions\b/i,
  ],
  [
    'follow-up',
    /\b(?:document|report|post-?mortem|communicat\w*|notify|(?<!\w\s)monitor|and monitor|monitor for|follow[- ]?up|clean ?up|after(?:wards| the restore)|lessons|schedule a review|destroy staging|delete staging)\b|^update\b.*\b(?:logs?|runbooks?|procedures?|documentation)\b/i,
  ],
  [
    'verify',
    /\b(?:verif\w*|validat\w*|smoke tests?|integrity|compare|confirm|health check|test (?:app|critical|functionality|restore)|sanity)\b|^check\b/i,
  ],
  [
    'restore',
    /\b(?:restor(?:e|es|ing|ation)|recover(?:y|ing)?|pg_restore|import|roll ?back|swap|rename|promote)\b/i,
  ],
];

const restoring =
  /\b(?:restor\w*|recover\w*|roll ?back|disaster|corrupt\w*|data (?:loss|deletion)|database loss)\b/i;
const preparing =
  /\b(?:setup|set up|enable|configure|backup procedure|create (?:a )?backup|test(?:ing)?$)\b/i;

/**
 * True for a title that names a restore and is none: a sentence about one ("After a restore the database is offline"), what
 * is done around one ("Track the restore", "Shut down the nodes while …"), or a setting ("Enable point-in-time recovery").
 */
function isBesideRestore(title: string): boolean {
  const own = title.replace(/^(?:if|when|once|after|before|for|while|unless)\b[^,]{2,80},\s*/i, '');
  if (/^(?:the )?(?:restor|recover|roll ?back|import|promote|swap|rename)\w*\b/i.test(own)) return false;
  return (
    /^(?:enable|disable|configure|set up|track|watch|monitor|shut ?down|stop|plan|prepare|schedule|document|read)\b/i.test(
      own,
    ) ||
    /^(?:the|a|an|we|you|it|this)\b|^\p{L}[\p{L} -]{0,60}\b(?:is|are|was|were|must|cannot|can't|won't|remains)\b/iu.test(
      own,
    ) ||
    /\b(?:make|take|create)\b.*\bbackup\b/i.test(own)
  );
}

/** True for a look at how things are: only with a restore, or where it says that something was reached, it verifies. */
export function isMereLook(title: string): boolean {
  return (
    /^check\b/i.test(title) &&
    !/^check that\b|\b(?:complet|restor|recover|works?\b|integrity|verif)/i.test(title)
  );
}

/** True where a procedure is about bringing data back; a backup in it is then the safety backup. */
export function isRestoring(words: string): boolean {
  return restoring.test(words) && !preparing.test(words);
}

/** A phase with the words that it was read from. */
export interface PhaseReading {
  readonly phase: Phase;
  readonly reason: string;
}

/** Reads a step's phase from its title. `isRestore` tells whether the procedure restores something. */
export function phaseOfTitle(title: string, isRestore: boolean): PhaseReading | undefined {
  for (const [phase, pattern] of titles) {
    const found = pattern.exec(title);
    if (!found) continue;
    if (phase === 'restore' && isBesideRestore(title)) continue;
    if (phase === 'maintenance-off' && !isRestore && /^restart\b.*\bpods?\b/i.test(title)) continue;
    // Whether something restarts is looked at, not done.
    if (phase.startsWith('maintenance') && /^(?:check|verify|confirm|make sure|ensure)\b/i.test(title))
      continue;
    return { phase, reason: `the title says "${found[0].trim().slice(0, 60)}"` };
  }
  const backup =
    isRestore && /^(?:create|make|take|perform)\b.*\b(?:backup|snapshot|dump)\b|^back ?up\b/i.exec(title);
  return backup
    ? { phase: 'safety-backup', reason: `the title says "${backup[0].slice(0, 60)}"` }
    : undefined;
}

const commands: readonly (readonly [Phase, RegExp])[] = [
  [
    'restore',
    /\bpg_restore\b(?!.*--list)(?!.*\s-l\b)(?!.*(?:-f|--file)[= ]?\/dev\/null)|\bpsql\b[^|<]*<\s*[^<\s]|\|\s*psql\b|restore-db-instance/,
  ],
  ['disconnect', /pg_terminate_backend/],
  [
    'maintenance-on',
    /maintenance(?:Mode)?\W+(?:enabled\W+)?(?:true|on)\b|READ_ONLY\w*=true|\bstop (?:api|app|web)\b|--replicas=0/,
  ],
  ['maintenance-off', /maintenance(?:Mode)?\W+(?:enabled\W+)?(?:false|off)\b|READ_ONLY\w*=false/],
];

/** Reads a step's phase from what it runs, where its title says nothing. */
export function phaseOfCommands(texts: readonly string[], isRestore: boolean): PhaseReading | undefined {
  // In the order of the table: a step that stops, restores and starts is the restore.
  for (const [phase, pattern] of commands)
    for (const text of texts) {
      const found = pattern.exec(text);
      if (found) return { phase, reason: `it runs ${found[0].trim().slice(0, 40)}` };
    }
  if (isRestore && texts.some((text) => /\bpg_dump\b/.test(text)))
    return { phase: 'safety-backup', reason: 'it runs pg_dump' };
  return undefined;
}
