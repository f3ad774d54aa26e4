import { backupCells } from './backup-log.ts';
import { barsOf } from './bars.ts';
import { spoken, utc } from './format.ts';
import { markdownOfSteps } from './markdown-steps.ts';
import { cellCode, code, fenced, inline, quotation, table } from './markdown-text.ts';
import type { Deviation, Entry, Objective } from './shape.ts';
import { server } from './wording.ts';

/**
 * An entry as Markdown (CommonMark with GFM tables) that can be pasted into any tracker as it is. Everything that
 * came from a command, a person or a runbook is text in it and nothing else.
 */
export function markdownOf(entry: Entry): string {
  const sections = [
    heading(entry),
    section('Summary', summary(entry)),
    section('Measured', measured(entry)),
    section('What happened', answers(entry)),
    section('Timeline (UTC)', timeline(entry)),
    section('Deviations from the runbook', deviations(entry.deviations)),
    section('Backups', backups(entry)),
    section('Comparisons', comparisons(entry)),
    section('Steps', markdownOfSteps(entry.steps)),
    section('Inputs', inputs(entry)),
    section('Contacts', contacts(entry)),
    proof(entry),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function heading(entry: Entry): string {
  const kind = { incident: 'Incident', drill: 'Drill', training: 'Training', preview: 'Preview' }[entry.mode];
  return `# ${kind}: ${inline(entry.title)} – ${result(entry)}`;
}

function result(entry: Entry): string {
  switch (entry.status) {
    case 'running':
      return 'in progress';
    case 'stopped':
      return 'stopped';
    case 'handed-over':
      return `handed over to ${inline(entry.handedOverTo ?? 'somebody')}`;
    case 'finished':
      return entry.outcome ?? 'finished';
  }
}

function summary(entry: Entry): string {
  const { target, identity, runbook } = entry;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Severity', entry.severity && inline(entry.severity)],
    ['Outcome', `**${result(entry)}**${entry.reason ? `: ${inline(entry.reason)}` : ''}`],
    [
      'Target',
      target &&
        `${inline(target.name)}: database ${code(target.database)} at ${code(target.address)} (${target.environment})`,
    ],
    ['Server', identity && inline(server(identity))],
    [
      'Runbook',
      `${inline(runbook.title)}, ${code(runbook.path)}, SHA-256 ${code(runbook.sha256.slice(0, 12))}`,
    ],
    ['Way', entry.options.map(({ choice, option }) => inline(wayIn(choice, option))).join('; ')],
    [entry.operators.length > 1 ? 'Operators' : 'Operator', entry.operators.map(inline).join(', ')],
    ['From', `${entry.hosts.map(inline).join(', ')} (Drillbook ${inline(entry.version)})`],
    ['Started', utc(entry.startedAt)],
    ['Ended', entry.endedAt && utc(entry.endedAt)],
    ['Deviations', String(entry.deviations.length)],
  ];
  return rows.flatMap(([name, value]) => (value ? [`- **${name}:** ${value}`] : [])).join('\n');
}

/** The way that was taken: a choice that only asks says nothing beside its answer. */
function wayIn(choice: string, option: string): string {
  const about = choice.replace(/[?:\s]+$/, '');
  return /^(?:which|what|how|either|choose|option)\b/i.test(about) ? option : `${about}: ${option}`;
}

function measured({ measured, endedAt, startedAt, mode }: Entry): string {
  const { duration, detectedAt, verifiedAt, downtime, rto, rpo } = measured;
  const rows: (readonly string[])[] = [];
  if (detectedAt) rows.push(['Noticed', utc(detectedAt), '', '']);
  if (mode === 'incident') rows.push(['Declared', utc(startedAt), '', 'the start of the run']);
  if (downtime?.to) rows.push(['Mitigated', utc(downtime.to), '', 'maintenance mode off']);
  rows.push(['Duration of the run', spoken(duration), '', '']);
  if (verifiedAt) rows.push(['Verified', utc(verifiedAt), '', '']);
  if (downtime)
    rows.push([
      'Downtime (maintenance mode)',
      downtime.to ? spoken(downtime.seconds) : `${spoken(downtime.seconds)}, **still on**`,
      '',
      `${utc(downtime.from)} to ${downtime.to ? utc(downtime.to) : endedAt ? `the end of the run, ${utc(endedAt)}` : 'now'}`,
    ]);
  if (rto)
    rows.push([
      'Recovery time (RTO)',
      spoken(rto.seconds),
      objective(rto),
      `${utc(rto.from)} to ${utc(rto.to)}`,
    ]);
  if (rpo)
    rows.push([
      'Data loss (RPO)',
      spoken(rpo.seconds),
      objective(rpo),
      `${cellCode(rpo.backup)}, data of ${utc(rpo.takenAt)}`,
    ]);
  return table(['What', 'Measured', 'Objective', 'From what'], rows);
}

function objective({ objective: wanted, met }: Objective): string {
  return wanted === undefined ? '' : `${spoken(wanted)}: ${met ? 'met' : '**missed**'}`;
}

function answers(entry: Entry): string {
  const given = entry.questions.flatMap(({ text, answer, suggestion }) => {
    if (answer !== undefined) return answer.trim() ? [`**${inline(text)}**\n\n${quotation(answer)}`] : [];
    return suggestion
      ? [`**${inline(text)}** (from the journal, not confirmed)\n\n${quotation(suggestion)}`]
      : [];
  });
  const notes = entry.notes.map(
    (note) => `- ${utc(note.time)}, ${inline(note.operator)}: ${inline(note.text)}`,
  );
  return [...given, ...(notes.length > 0 ? [`**Notes**\n\n${notes.join('\n')}`] : [])].join('\n\n');
}

function timeline(entry: Entry): string {
  const bars = barsOf(entry);
  const several = entry.operators.length > 1;
  const rows = entry.timeline.map(({ time, operator, text }) => [
    utc(time).slice(0, 19),
    ...(several ? [inline(operator)] : []),
    inline(text),
  ]);
  const list = table(several ? ['Time', 'Operator', 'What'] : ['Time', 'What'], rows);
  return bars.length > 0 ? `${fenced(bars.join('\n'), 'text')}\n\n${list}` : list;
}

function deviations(all: readonly Deviation[]): string {
  if (all.length === 0) return 'None.';
  return table(
    ['Time', 'Step', 'What', 'Why'],
    all.map(({ time, step, kind, what, reason }) => [
      utc(time).slice(0, 19),
      inline(step ?? ''),
      `**${kind}** ${inline(what)}`,
      inline(reason ?? ''),
    ]),
  );
}

function backups(entry: Entry): string {
  const made = table(
    ['Date', 'Type', 'Size', 'Duration', 'Location', 'Verified', 'Notes'],
    entry.backups.map(backupCells),
  );
  const used = entry.used.map((backup) => {
    const taken = backup.takenAt ? `, data of ${utc(backup.takenAt)}` : '';
    return `- ${utc(backup.time)}: ${code(backup.name)} ${backup.action}${taken}, from ${code(backup.location)}`;
  });
  return [entry.backups.length > 0 ? made : '', used.join('\n')].filter((text) => text !== '').join('\n\n');
}

function comparisons(entry: Entry): string {
  return entry.comparisons
    .map(({ time, left, right, equal, differences }) => {
      const line = `- ${utc(time)}: ${code(left)} and ${code(right)} ${equal ? 'are equal' : '**differ**'}`;
      const shown = differences.slice(0, 20).map((difference) => `  - ${inline(difference)}`);
      const left_ = differences.length - shown.length;
      return [line, ...shown, ...(left_ > 0 ? [`  - and ${left_} more`] : [])].join('\n');
    })
    .join('\n');
}

function inputs(entry: Entry): string {
  if (entry.inputs.length === 0) return '';
  return table(
    ['Name', 'Value', 'From'],
    entry.inputs.map(({ name, value, secret, source }) => [
      cellCode(name),
      secret ? 'a secret' : cellCode(value ?? ''),
      source,
    ]),
  );
}

function contacts(entry: Entry): string {
  return entry.contacts.map(({ role, reach }) => `- **${inline(role)}:** ${inline(reach)}`).join('\n');
}

function proof({ run, chain, writtenAt }: Entry): string {
  return `---\n\nRun ${code(run)}. Journal of ${chain.seq} lines, head ${code(chain.hash)}, as of ${utc(writtenAt)}.`;
}
