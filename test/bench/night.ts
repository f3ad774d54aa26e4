// Whether a long night costs memory: an hour's worth of commands at a terminal, one after the other without the pauses
// in between, each with output that is drawn while it comes. Alone: node test/bench/night.ts [ENTRY] [COMMANDS]
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const root = new URL('../..', import.meta.url).pathname;

/** More than two a minute. */
const usual = 150;

/** Sizes in bytes; undefined where the system does not tell. */
export interface NightFigures {
  readonly commands: number;
  readonly events: number;
  /** Lines that the commands printed, and characters that the screens wrote for them. */
  readonly lines: number;
  readonly drawn: number;
  /** The resident set when a tenth, a half and all of it is done, and the most that it was. */
  readonly resident: readonly (number | undefined)[];
  readonly peak: number | undefined;
}

/** Goes through a run of so many steps with the keys of a person. `entry` is the bundled program. */
export async function measureNight(entry: string, commands = usual): Promise<NightFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-night-'));
  let terminal: Terminal | undefined;
  try {
    await writeFile(join(folder, 'night.md'), runbook(commands));
    const at = openTerminal({
      columns: 100,
      rows: 30,
      command: process.execPath,
      args: [entry, 'run', join(folder, 'night.md'), '--mode', 'incident'],
      cwd: folder,
      env: { HOME: folder, DRILLBOOK_HOME: join(folder, 'home'), DRILLBOOK_OPERATOR: 'bench' },
      patience: 120_000,
    });
    terminal = at;
    await at.see('Against which target?');
    at.press('down');
    await at.see('▸ no target');
    at.press('enter');
    await at.see('▸ Begin the run');
    at.press('enter');
    const marks = [Math.ceil(commands / 10), Math.ceil(commands / 2), commands];
    const resident: (number | undefined)[] = [];
    for (let step = 1; step <= commands; step++) {
      await at.see(new RegExp(`${step}  Watch ${step}\\b`));
      await at.see('⏎ run');
      at.press('enter');
      await at.see(step < commands ? 'This step is done' : 'Every step is done');
      // Somebody looks at something in between.
      if (step % 5 === 0) {
        at.type('?');
        await at.see('All keys');
        at.press('esc');
        await at.seeNot('All keys');
      }
      if (marks.includes(step)) resident.push((await sizesOf(at.pid)).resident);
      if (step < commands) at.press('enter');
    }
    const { peak } = await sizesOf(at.pid);
    const runs = join(folder, 'home', 'state', 'runs');
    const [run] = await readdir(runs);
    const journal = await readFile(join(runs, run!, 'journal.jsonl'), 'utf8');
    return {
      commands,
      events: journal.split('\n').length - 1,
      lines: commands * linesOfOne,
      drawn: at.raw().length,
      resident,
      peak,
    };
  } finally {
    await terminal?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures, one line each. */
export function nightReport(figures: NightFigures): readonly string[] {
  const { commands, events, lines, drawn, resident, peak } = figures;
  const [early, half, end] = resident;
  const megabytes = (bytes: number | undefined) =>
    bytes === undefined ? 'not told here' : `${(bytes / 1e6).toFixed(0)} MB`;
  const ratio = early && end ? `, ${(end / early).toFixed(2)} × a tenth of the way` : '';
  return [
    `a night: ${commands} commands, ${events} events, ${lines.toLocaleString('en')} lines, ${(drawn / 1e6).toFixed(1)} MB drawn`,
    `  resident set           ${megabytes(early)} after a tenth, ${megabytes(half)} after a half, ${megabytes(end)} at the end${ratio}`,
    `  peak                   ${megabytes(peak)}`,
  ];
}

const linesOfOne = 200;

/** Each command takes some frames to say what it says. */
function runbook(commands: number): string {
  const steps = Array.from(
    { length: commands },
    (_, at) =>
      `### Step ${at + 1}: Watch ${at + 1}\n\n\`\`\`bash\nfor part in 1 2 3 4 5 6 7 8 9 10; do seq -f "member %g of part $part is copied" ${linesOfOne / 10}; sleep 0.03; done\n\`\`\`\n`,
  );
  return `# Night\n\n## Watch\n\n${steps.join('\n')}`;
}

async function sizesOf(pid: number): Promise<{ readonly resident?: number; readonly peak?: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const bytes = (field: string) => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [resident, peak] = [bytes('VmRSS'), bytes('VmHWM')];
  return { ...(resident === undefined ? {} : { resident }), ...(peak === undefined ? {} : { peak }) };
}

if (import.meta.main) {
  const entry = resolve(process.argv[2] ?? join(root, 'dist', 'main.js'));
  const figures = await measureNight(entry, Number(process.argv[3] ?? usual));
  for (const line of nightReport(figures)) process.stdout.write(`${line}\n`);
}
