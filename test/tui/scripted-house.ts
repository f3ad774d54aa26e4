import type { Finding } from '../../src/lint/finding.ts';
import type { Session } from '../../src/run/session.ts';
import type { Identity, Target } from '../../src/run/target.ts';
import type { Symptom } from '../../src/runbook/runbook.ts';
import type {
  HomeContent,
  House,
  InputQuestion,
  LinkedRunbook,
  RunRequest,
  ScenarioChoice,
  StepLink,
  Training,
} from '../../src/tui/house.ts';
import { restore, runbook } from './procedure.ts';
import { type Script, ScriptedSession } from './scripted-session.ts';

export const sandbox: Target = {
  name: 'sandbox',
  environment: 'sandbox',
  engine: 'postgres',
  database: 'members',
  address: '127.0.0.1:54321',
  tags: ['sandbox'],
  objectives: { rto: 3600 },
};

export const production: Target = {
  name: 'live',
  environment: 'production',
  engine: 'postgres',
  database: 'railway',
  address: 'db.internal:5432',
  tags: ['railway'],
  objectives: { rto: 3600 },
};

export function identityOf(target: Target): Identity {
  return {
    system: '7301234567890',
    address: target.address,
    database: target.database,
    exists: true,
    replica: false,
    version: '15.14',
  };
}

const questions: readonly InputQuestion[] = [
  {
    name: 'backup-file',
    text: '<backup-file>',
    value: 'file',
    secret: false,
    suggestion: { value: '/store/members.dump', source: 'backup' },
    choices: [
      { value: '/store/members.dump', label: 'members.dump  today 02:00  81 MB  verified' },
      { value: '/store/older.dump', label: 'older.dump  yesterday 02:00  80 MB  verified' },
    ],
    uses: 1,
  },
  {
    name: 'DATABASE_URL',
    text: '$DATABASE_URL',
    value: 'url',
    secret: true,
    suggestion: { source: 'target' },
    uses: 1,
  },
];

export interface HouseOptions {
  readonly scripts?: Readonly<Record<string, Script | readonly Script[]>>;
  readonly home?: Partial<HomeContent>;
  readonly questions?: readonly InputQuestion[];
  readonly findings?: readonly Finding[];
  readonly links?: readonly StepLink[];
  readonly scenarios?: readonly ScenarioChoice[];
  readonly training?: Training;
  readonly symptoms?: readonly Symptom[];
  /** The sandbox says this and is never ready. */
  readonly preparing?: string;
}

/** A house whose rooms are scripted: what the screens get from it is real in shape and fixed in content. */
export class ScriptedHouse implements House {
  readonly version = '0.1.0';
  readonly operator = 'ann';
  readonly notifications = { way: process.env.PLAY_NOTIFY === 'off' ? 'off' : 'desktop', after: 30 } as const;
  readonly keys = JSON.parse(process.env.PLAY_KEYS ?? '{}') as Record<string, string>;
  readonly #options: HouseOptions;
  #left: HomeContent['unfinished'] = [];
  session: ScriptedSession | undefined;

  constructor(options: HouseOptions = {}) {
    this.#options = options;
  }

  home(): HomeContent {
    return {
      loading: false,
      sandbox: 'stopped',
      unfinished: this.#left,
      runbooks: [
        {
          path: 'runbooks/postgres-restore.md',
          title: 'PostgreSQL restore',
          severity: 'P1',
          estimate: '20m–1h',
          procedures: 1,
        },
        { path: 'runbooks/postgres-backup.md', title: 'PostgreSQL backup', procedures: 2, findings: 3 },
      ],
      entries: [],
      ...this.#options.home,
    };
  }

  subscribe(): () => void {
    return () => {};
  }

  /** A run that was left unfinished comes first. */
  async renew(): Promise<void> {
    const state = this.session?.state();
    if (state?.status !== 'stopped') return;
    const { run, procedure, mode } = state.started;
    this.#left = [{ run, title: procedure.title, mode, target: 'sandbox', lastAt: '', at: '' }];
  }

  async drill(target: string): Promise<never> {
    throw new Error(`${target} has no backup`);
  }

  async scenarios() {
    return this.#options.scenarios ?? [];
  }

  async train(scenario: string): Promise<Training> {
    const training = this.#options.training;
    if (!training) throw new Error(`there is no scenario ${scenario}`);
    return training;
  }

  async findings() {
    return this.#options.findings ?? [];
  }

  async symptoms() {
    return this.#options.symptoms ?? [];
  }

  async links() {
    return this.#options.links ?? [];
  }

  async linked(link: StepLink): Promise<LinkedRunbook> {
    if (link.path === undefined) throw new Error(`${link.url} leads to no file`);
    return {
      path: link.path,
      title: 'The other runbook',
      runnable: true,
      outline: ['1  The other runbook', '3    echo other'],
      text: '# The other runbook\n\nDo it so.\n',
    };
  }

  async open() {
    return runbook;
  }

  targets() {
    return [sandbox, production].map(({ name, environment, address }) => ({
      name,
      environment,
      description: address,
    }));
  }

  async prepare(name: string, progress: (what: string) => void) {
    progress(this.#options.preparing ?? 'Starting the sandbox');
    if (name === 'sandbox' && this.#options.preparing) await new Promise(() => {});
    const target = name === 'sandbox' ? sandbox : production;
    return { target, identity: identityOf(target) };
  }

  async questions(_request: RunRequest) {
    return this.#options.questions ?? questions;
  }

  async begin(request: Parameters<House['begin']>[0]): Promise<Session> {
    const target =
      request.target === 'live' ? production : request.target === 'sandbox' ? sandbox : undefined;
    const session = new ScriptedSession({
      procedure: restore,
      mode: request.mode,
      ...(target ? { target, identity: identityOf(target) } : {}),
      ...(this.#options.scripts ? { scripts: this.#options.scripts } : {}),
    });
    const asked = this.#options.questions ?? questions;
    for (const input of request.inputs) {
      const suggestion = asked.find((question) => question.name === input.name)?.suggestion;
      await session.dispatch({
        type: 'give',
        name: input.name,
        value: input.value ?? suggestion?.value ?? 'hidden',
        secret: input.secret,
        source: input.value === undefined ? (suggestion?.source ?? 'default') : 'operator',
      });
    }
    this.session = session;
    return session;
  }

  async resume(): Promise<never> {
    throw new Error('there is nothing to resume');
  }

  closingQuestions() {
    return [
      { id: 'cause', text: 'What was the cause?', suggestion: 'a drill' },
      { id: 'follow-up', text: 'What is to be done next?', suggestion: '' },
    ];
  }

  async commitEntry() {
    return true;
  }

  async writeEntry(session: Session) {
    const state = session.state();
    return {
      checkout: '/srv/ops',
      path: 'incidents/2026-11-20-restore.md',
      markdown: `# Restore\n\nOutcome: **${state.outcome}**\n\n- cause: ${state.answers.cause ?? ''}\n`,
    };
  }

  async entry() {
    return '# An old entry\n\nIt went well.\n';
  }
}
