import type { ObjectStore } from '../../backup/object-store.ts';
import type { Head } from '../../journal/line.ts';
import type { MomentKind, SinkSettings } from '../../settings/sink-settings.ts';

/** What a place is told about a run. Everything in it is masked already: it is made from the journal. */
export interface Message {
  /** The same for every try: a place that can tell messages apart by it gets this one once. */
  readonly id: string;
  readonly moment: MomentKind;
  readonly run: string;
  /** Absolute path of the run's folder: what is sent along is read there when it is sent. */
  readonly folder: string;
  readonly mode: string;
  readonly title: string;
  readonly target?: string;
  /** How it stands: running, stopped, handed-over; passed, failed, abandoned. */
  readonly status: string;
  /** One line. */
  readonly subject: string;
  /** Some lines of plain text. */
  readonly text: string;
  /** How far the journal went. */
  readonly head: Head;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** What a sink reaches the world through; the same for all. */
export interface World {
  /** Resolves `env:` and `file:` references; throws an Error that names what is missing. */
  secret(reference: string): Promise<string>;
  openObjects(address: string): Promise<ObjectStore>;
  readonly signal: AbortSignal;
  /** What relative folders of settings start from. */
  readonly base: string;
  /** An earlier try may have arrived: nobody saw its end. */
  readonly uncertain: boolean;
}

/** A refusal by the other side, with how long it wants to be left alone (seconds) where it said so. */
export class SinkError extends Error {
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.name = 'SinkError';
    this.retryAfter = retryAfter;
  }
}

/** What a sink is called on screen and in the outbox. */
export function labelOf(sink: SinkSettings): string {
  return sink.name ?? sink.kind;
}

/** The text of a message for people who read it in a chat; says so where it may be the second time. */
export function spokenText({ subject, text }: Message, { uncertain }: Pick<World, 'uncertain'>): string {
  const again = uncertain ? '\n(Sent again: it is not known whether the first try arrived.)' : '';
  return `${subject}\n${text}${again}`;
}
