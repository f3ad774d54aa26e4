import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LintContext } from '../lint/context.ts';
import { asGithub } from '../lint/formats/github.ts';
import { asJson } from '../lint/formats/json.ts';
import { countsOf, type FileReport } from '../lint/formats/report.ts';
import { asSarif } from '../lint/formats/sarif.ts';
import { asText, summaryOf } from '../lint/formats/text.ts';
import { lint as lintRunbook } from '../lint/lint.ts';
import { pageOf } from '../lint/page.ts';
import { ruleNamed, rules } from '../lint/registry.ts';
import { findProjectFile } from '../settings/project-file.ts';
import { isInteractive } from '../terminal/capabilities.ts';
import { sanitise } from '../terminal/sanitise.ts';
import { commandLine, parse } from './arguments.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { loadGrammars } from './grammars.ts';
import { markdownFiles } from './library-walk.ts';
import { mendFiles } from './lint-mend.ts';
import { shellcheckFindings } from './lint-shellcheck.ts';
import { filesAround, toolsOf } from './lint-world.ts';
import { type RunbookFile, readRunbook } from './runbook-file.ts';
import { version } from './version.ts';

interface Options {
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly github?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly rules?: boolean;
  readonly explain?: string;
  readonly doctor?: boolean;
}

interface Linted {
  readonly file: RunbookFile;
  readonly report: FileReport;
}

/** `drillbook lint PATH…`: what is wrong with runbooks. Runs nothing of them; 1 where there are errors. */
export async function lint(args: readonly string[]): Promise<number> {
  let code: ExitCode = exit.done;
  const command = commandLine('lint', 'Finds faults in runbooks before the night in which they matter.')
    .argument('[path...]', 'Markdown files, or folders with them; none: the runbooks of the project')
    .option('--json', 'findings as JSON')
    .option('--sarif', 'findings as SARIF 2.1.0')
    .option('--github', 'findings as annotations of GitHub Actions')
    .option('--fix', 'make the mends that are certain; shows them first, and asks')
    .option('-y, --yes', 'with --fix: do not ask')
    .option('--doctor', 'also look whether this machine has the commands that the runbooks need')
    .option('--rules', 'list the rules')
    .option('--explain <rule>', 'the page of a rule')
    .action(async (paths: string[], options: Options) => {
      if (options.rules) return listRules();
      if (options.explain !== undefined) return explainRule(options.explain);
      code = await lintPaths(paths, options);
    });
  await parse(command, args);
  return code;
}

async function lintPaths(paths: readonly string[], options: Options): Promise<ExitCode> {
  if ([options.json, options.sarif, options.github, options.fix].filter(Boolean).length > 1)
    throw new Refusal('--json, --sarif, --github and --fix: choose one of them');
  const project = await findProjectFile(process.cwd());
  const settings = project.settings.lint;
  for (const id of Object.keys(settings?.rules ?? {}))
    if (!ruleNamed(id))
      throw new Refusal(
        `${project.path}: lint.rules: there is no rule ${sanitise(id)}. 'drillbook lint --rules' lists them.`,
      );
  const given = paths.length > 0 ? paths : await projectFolders(project.folder, project.settings.runbooks);
  await loadGrammars();
  const context: LintContext = {
    today: new Date().toISOString().slice(0, 10),
    ...(options.doctor && { hasTool: await toolsOf(process.env.PATH ?? '') }),
    settings: {
      rules: settings?.rules ?? {},
      ...(settings?.stale_after_days !== undefined && { staleAfterDays: settings.stale_after_days }),
    },
  };
  const hasShellcheck = (await toolsOf(process.env.PATH ?? ''))('shellcheck');
  const read = async () => {
    const linted: Linted[] = [];
    for (const path of await filesOf(given)) {
      const one = await lintFile(path, context, hasShellcheck, paths.includes(path));
      if (one) linted.push(one);
    }
    return linted;
  };
  let linted = await read();
  if (options.fix) {
    const outcome = await mendFiles(linted, { yes: options.yes ?? false, terminal: isInteractive() });
    if (outcome === 'nobody-to-ask') {
      process.stderr.write('Nothing was written: nobody can be asked here. Give --yes to write it.\n');
      return exit.needsPerson;
    }
    if (outcome === 'mended') linted = await read();
  }
  const reports = linted.map(({ report }) => report);
  process.stdout.write(printed(reports, options));
  process.stderr.write(`${summaryOf(reports)}\n`);
  return countsOf(reports).error > 0 ? exit.failed : exit.done;
}

function printed(reports: readonly FileReport[], options: Options): string {
  if (options.json) return asJson(reports);
  if (options.sarif) return asSarif(reports, version);
  return sanitise(options.github ? asGithub(reports) : asText(reports));
}

/** One file's findings. A file that was not named but only met in a folder is passed over where it is no runbook. */
async function lintFile(
  path: string,
  context: LintContext,
  hasShellcheck: boolean,
  named: boolean,
): Promise<Linted | undefined> {
  let file: RunbookFile;
  try {
    file = await readRunbook(path);
  } catch (error) {
    if (named || !(error instanceof Refusal)) throw error;
    process.stderr.write(`passed over: ${sanitise(error.message)}\n`);
    return undefined;
  }
  const around = await filesAround(file);
  const own = lintRunbook(file.runbook, file.source, { ...context, ...around });
  const guest = hasShellcheck ? await shellcheckFindings(file, process.env) : undefined;
  const findings = guest ? [...own, ...guest].sort((a, b) => a.range.start - b.range.start) : own;
  const shorter = relative(process.cwd(), path);
  return { file, report: { path: shorter !== '' && !shorter.startsWith('..') ? shorter : path, findings } };
}

/** The Markdown files that paths name, folders searched through. Throws a `Refusal` for a path that is not there. */
async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const out: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new Refusal(`there is no file or folder ${path}`);
    if (!found.isDirectory()) {
      out.push(path);
      continue;
    }
    for await (const file of markdownFiles(path, seen, (skipped) =>
      process.stderr.write(`passed over: ${sanitise(`${skipped.path}: ${skipped.why}`)}\n`),
    ))
      out.push(file);
  }
  return [...new Set(out)];
}

async function projectFolders(
  folder: string,
  configured: readonly string[] | undefined,
): Promise<readonly string[]> {
  const wanted = (configured ?? ['runbooks', 'docs/runbooks']).map((each) => join(folder, each));
  const there: string[] = [];
  for (const each of wanted) if (await stat(each).catch(() => undefined)) there.push(each);
  if (there.length === 0)
    throw new Refusal(
      "name a Markdown file or a folder: this project has no folder 'runbooks' or 'docs/runbooks'",
    );
  return there;
}

function listRules(): void {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  for (const rule of rules)
    process.stdout.write(`${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.summary}\n`);
}

function explainRule(id: string): void {
  const rule = ruleNamed(id);
  if (!rule) throw new Refusal(`there is no rule ${sanitise(id)}. 'drillbook lint --rules' lists them.`);
  process.stdout.write(pageOf(rule));
}
