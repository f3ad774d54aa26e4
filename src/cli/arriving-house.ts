import type { Session } from '../run/session.ts';
import { usualNotifications } from '../settings/notification.ts';
import type { ScreenPreferences } from '../settings/screen-preferences.ts';
import type { HomeContent, House } from '../tui/house.ts';
import type { WiredHouse } from './house.ts';
import type { Settings } from './settings.ts';
import { version } from './version.ts';

const empty: HomeContent = { loading: true, sandbox: 'stopped', unfinished: [], runbooks: [], entries: [] };

/**
 * The house as the screens first meet it: what reads the settings, what runs and what journals is loaded when something
 * is asked of it, or once the first frame has been drawn. Nobody waits for a parser to see where they are.
 */
export class ArrivingHouse implements House {
  readonly version = version;
  readonly operator: string;
  readonly keys: ScreenPreferences['keys'];
  readonly comfort: ScreenPreferences['comfort'];
  readonly #readSettings: () => Promise<Settings>;
  #settings: Settings | undefined;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #listeners = new Set<() => void>();
  #coming: Promise<WiredHouse> | undefined;
  #there: WiredHouse | undefined;
  readonly #filled: Promise<void>[] = [];
  /** Whether somebody has looked at what home lists. */
  #looked = false;
  #closed = false;

  /** `readSettings` is called once, when they are wanted; where it rejects, so does whatever is asked of the house. */
  constructor(
    operator: string,
    { keys, comfort }: ScreenPreferences,
    readSettings: () => Promise<Settings>,
    environment: NodeJS.ProcessEnv,
  ) {
    this.operator = operator;
    this.keys = keys;
    this.comfort = comfort;
    this.#readSettings = readSettings;
    this.#environment = environment;
  }

  get notifications(): House['notifications'] {
    return this.#settings?.preferences.notifications ?? usualNotifications;
  }

  home(): HomeContent {
    // What somebody looks at is read, behind what is being drawn.
    if (!this.#looked) setImmediate(() => this.#look());
    return this.#there?.home() ?? empty;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    // Whoever listens has drawn something; what is drawn is written before the loading begins.
    setImmediate(() => this.#look());
    return () => this.#listeners.delete(listener);
  }

  /** Nothing was run where the house has not come yet. */
  async renew(): Promise<void> {
    await this.#there?.renew();
  }

  /** Stops what still runs, gives back locks and targets. */
  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#coming?.catch(() => undefined))?.close();
    // Closing ends the reading of the library; what still starts is waited for, or it would be left behind.
    await Promise.all(this.#filled);
  }

  async open(...given: Parameters<House['open']>) {
    return (await this.#house()).open(...given);
  }

  /** They are asked for once a runbook was opened, and that waits for the house. */
  targets(): ReturnType<House['targets']> {
    return this.#there?.targets() ?? [];
  }

  async prepare(...given: Parameters<House['prepare']>) {
    return (await this.#house()).prepare(...given);
  }

  async questions(...given: Parameters<House['questions']>) {
    return (await this.#house()).questions(...given);
  }

  async begin(...given: Parameters<House['begin']>) {
    return (await this.#house()).begin(...given);
  }

  async resume(...given: Parameters<House['resume']>) {
    return (await this.#house()).resume(...given);
  }

  async findings(session: Session) {
    return (await this.#house()).findings(session);
  }

  async links(session: Session) {
    return (await this.#house()).links(session);
  }

  async symptoms(session: Session) {
    return (await this.#house()).symptoms(session);
  }

  async linked(...given: Parameters<House['linked']>) {
    return (await this.#house()).linked(...given);
  }

  /** There is a session, so the house that made it is there. */
  closingQuestions(session: Session): ReturnType<House['closingQuestions']> {
    return this.#there?.closingQuestions(session) ?? [];
  }

  async writeEntry(session: Session) {
    return (await this.#house()).writeEntry(session);
  }

  async commitEntry(session: Session) {
    return (await this.#house()).commitEntry(session);
  }

  async entry(path: string) {
    return (await this.#house()).entry(path);
  }

  async drill(...given: Parameters<House['drill']>) {
    return (await this.#house()).drill(...given);
  }

  async scenarios() {
    return (await this.#house()).scenarios();
  }

  async train(...given: Parameters<House['train']>) {
    return (await this.#house()).train(...given);
  }

  #look(): void {
    if (this.#closed || this.#looked) return;
    this.#looked = true;
    if (this.#there) this.#filled.push(this.#there.list());
    else void this.#house().catch(() => undefined);
  }

  #house(): Promise<WiredHouse> {
    this.#coming ??= this.#load();
    return this.#coming;
  }

  async #load(): Promise<WiredHouse> {
    const [{ WiredHouse }, settings] = await Promise.all([import('./house.ts'), this.#readSettings()]);
    this.#settings = settings;
    const house = new WiredHouse(settings, this.#environment);
    house.subscribe(() => {
      for (const listener of this.#listeners) listener();
    });
    this.#there = house;
    if (!this.#closed) this.#filled.push(house.refresh());
    if (!this.#closed && this.#looked) this.#filled.push(house.list());
    return house;
  }
}
