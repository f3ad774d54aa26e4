import { ladder, type Rung } from './execution-result.ts';
import { sessionGroups } from './session-processes.ts';

/** How long a command whose time is over has between SIGTERM and SIGKILL, in milliseconds. */
const killGraceMs = 5000;

/** The signals that a command gets, and why it got them. */
export class StopLadder {
  pid: number | undefined;
  rung: Rung | undefined;
  #running = true;
  #timers: NodeJS.Timeout[] = [];
  #timedOut = false;
  #taken = 0;
  /** Signals on their way to the other groups of the session. */
  #sending: Promise<void> = Promise.resolve();

  get cause(): 'by-itself' | 'stopped' | 'timed-out' {
    if (this.#taken > 0) return 'stopped';
    return this.#timedOut ? 'timed-out' : 'by-itself';
  }

  begin(pid: number, timeoutMs: number | undefined): void {
    this.pid = pid;
    // Somebody may have asked to stop before there was a process.
    if (this.rung !== undefined) this.#send(this.rung);
    if (timeoutMs === undefined) return;
    this.#after(timeoutMs, () => {
      this.#timedOut = true;
      this.#send('SIGTERM');
      this.#after(killGraceMs, () => this.#send('SIGKILL'));
    });
  }

  next(): Rung {
    const rung = ladder[Math.min(this.#taken, ladder.length - 1)]!;
    if (!this.#running) return rung;
    this.#taken++;
    this.rung = rung;
    this.#send(rung);
    return rung;
  }

  /** Resolves when every signal has reached whom it is meant for: a shell may die of it before its children are found. */
  sent(): Promise<void> {
    return this.#sending;
  }

  /** The shell is gone; its number may soon be another's. */
  ended(): void {
    this.#running = false;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  close(): void {
    this.ended();
  }

  #after(ms: number, act: () => void): void {
    this.#timers.push(setTimeout(act, Math.min(ms, 2 ** 31 - 1)));
  }

  #send(signal: Rung): void {
    const leader = this.pid;
    if (leader === undefined || !this.#running) return;
    signalGroup(leader, signal);
    // With job control on (`set -m`) each pipeline has a group of its own.
    const others = sessionGroups(leader).then((groups) => {
      if (!this.#running) return;
      for (const group of groups) if (group !== leader) signalGroup(group, signal);
    });
    this.#sending = Promise.all([this.#sending, others]).then(
      () => undefined,
      () => undefined,
    );
  }
}

function signalGroup(group: number, signal: Rung): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody left in the group.
  }
}
