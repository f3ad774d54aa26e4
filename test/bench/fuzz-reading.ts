// Reads mutated and random documents for some minutes and reports what is wrong with any reading:
//   node test/bench/fuzz-reading.ts [--minutes 10] [--seed 1] [--case N] [--folder FOLDER]…
// Every case follows from the seed and its number alone: --case N reads that one again and prints the document.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadShellGrammar } from '../../src/cli/grammars.ts';
import { compile } from '../../src/runbook/compile.ts';
import { mutant, randomFrom } from './mutation.ts';
import { faultsOf } from './soundness.ts';

interface Task {
  readonly seed: number;
  readonly from: number;
  readonly folders: readonly string[];
  /** The number of the case that is being read, for the one who watches. */
  readonly at: SharedArrayBuffer;
}

interface Finding {
  readonly number: number;
  readonly faults: readonly string[];
  readonly length: number;
  /** Of the thread, in milliseconds; other processes do not count. */
  readonly cpu: number;
}

/** A document of at most 1 MB that takes longer than this, in milliseconds of the thread's time, is a finding. */
const tooLong = 2000;
/** A case that is not read after this time is given up as hanging. */
const hanging = 60_000;

if (isMainThread) await watch();
else work(workerData as Task);

function documentOf(seed: number, number: number, documents: readonly string[]): string {
  return mutant(documents, randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)));
}

function documentsIn(folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
}

function judge(number: number, text: string): Finding {
  const before = process.threadCpuUsage();
  let faults: readonly string[];
  let cpu = 0;
  try {
    const runbook = compile(text);
    const spent = process.threadCpuUsage(before);
    cpu = (spent.user + spent.system) / 1000;
    faults = faultsOf(runbook, text);
  } catch (error) {
    faults = [`it throws: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
  if (cpu > tooLong) faults = [...faults, `it takes ${Math.round(cpu)} ms for ${text.length} characters`];
  return { number, faults, length: text.length, cpu };
}

function work({ seed, from, folders, at }: Task): void {
  const documents = documentsIn(folders);
  const current = new Int32Array(at);
  void loadShellGrammar().then(() => {
    for (let number = from; ; number++) {
      Atomics.store(current, 0, number);
      const text = documentOf(seed, number, documents);
      const finding = judge(number, text);
      Atomics.add(current, 1, 1);
      Atomics.store(current, 2, Math.max(Atomics.load(current, 2), Math.round(finding.cpu)));
      if (finding.faults.length > 0) parentPort!.postMessage(finding);
    }
  });
}

async function watch(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      case: { type: 'string' },
      folder: { type: 'string', multiple: true },
    },
  });
  const seed = Number(values.seed);
  const root = new URL('../../', import.meta.url).pathname;
  const folders = values.folder ?? [
    join(root, 'runbooks'),
    join(root, 'test/runbook/shapes'),
    join(root, '../shared/corpus/seeds'),
    join(root, '../shared/corpus/runbooks'),
  ];
  if (values.case !== undefined) {
    await loadShellGrammar();
    const text = documentOf(seed, Number(values.case), documentsIn(folders));
    process.stdout.write(text);
    process.stderr.write(`${JSON.stringify(judge(Number(values.case), text), null, 2)}\n`);
    return;
  }
  const kept = mkdtempSync(join(tmpdir(), 'drillbook-fuzz-'));
  const end = performance.now() + Number(values.minutes) * 60_000;
  const at = new SharedArrayBuffer(12);
  const current = new Int32Array(at);
  let findings = 0;
  const report = (number: number, length: number, faults: readonly string[]) => {
    findings++;
    const file = join(kept, `${number}.md`);
    writeFileSync(file, documentOf(seed, number, documentsIn(folders)));
    console.log(`case ${number} (${length} characters, ${file})\n  ${faults.slice(0, 3).join('\n  ')}`);
  };
  for (let from = 0; performance.now() < end; ) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { seed, from, folders, at } satisfies Task,
    });
    const over = new Promise<string | undefined>((resolve) => {
      worker.on('message', ({ number, length, faults }: Finding) => report(number, length, faults));
      worker.on('error', (error: Error) => resolve(`the thread ends: ${error.message}`));
      let last = -1;
      let since = performance.now();
      const clock = setInterval(() => {
        const now = Atomics.load(current, 0);
        if (now !== last) [last, since] = [now, performance.now()];
        const late = performance.now() - since > hanging;
        if (late || performance.now() > end) {
          clearInterval(clock);
          resolve(late ? `it is not read after ${hanging / 1000} s` : undefined);
        }
      }, 250);
    });
    const trouble = await over;
    await worker.terminate();
    from = Atomics.load(current, 0) + 1;
    if (trouble) report(from - 1, -1, [trouble]);
  }
  console.log(
    `seed ${seed}: ${Atomics.load(current, 1)} documents in ${values.minutes} minutes, ${findings} findings; the slowest took ${Atomics.load(current, 2)} ms of its thread. What was found is in ${kept}.`,
  );
  process.exitCode = findings > 0 ? 1 : 0;
}
