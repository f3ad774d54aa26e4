import type { Account } from './account.ts';
import type { Around, Reader } from './call.ts';
import type { EffectContext } from './context.ts';
import { destroyerIn } from './destroyer.ts';
import type { Connection, EffectClass, Thing } from './effect.ts';
import { unmask } from './mask.ts';
import type { Scope } from './scope.ts';
import { type Span, type Word, wordOf } from './word.ts';

/** Where a script stands in the given text: letter by letter from an offset, or inside one span. */
export type Origin = { readonly offset: number } | Span;

/** What a tool's table may tell of one script, and ask of it: all but reading other commands and scripts. */
export abstract class ToolReader implements Reader {
  readonly context: EffectContext;
  protected readonly account: Account;
  protected readonly scope: Scope;
  protected readonly origin: Origin;
  /** "in container db": said after each reason. */
  protected readonly place: string | undefined;
  /** The tool that is being read has said what it connects to: what it does, it does there. */
  #connected = false;

  constructor(
    account: Account,
    context: EffectContext,
    scope: Scope,
    origin: Origin,
    place: string | undefined,
  ) {
    this.account = account;
    this.context = context;
    this.scope = scope;
    this.origin = origin;
    this.place = place;
  }

  abstract command(words: readonly Word[], around: Around): undefined;
  abstract shell(script: Word, around: Parameters<Reader['shell']>[1]): undefined;

  get elsewhere(): boolean {
    return this.place !== undefined;
  }

  /** From here on what is found belongs to one tool, which has connected to nothing yet. */
  enterTool(): undefined {
    this.#connected = false;
  }

  leaveTool(): undefined {
    this.#connected = false;
  }

  add(effect: EffectClass, reason: string, span: Span, hits?: Thing): undefined {
    const place = this.place ? ` ${this.place}` : '';
    this.account.add({
      class: effect,
      reason: unmask(shorten(reason) + place),
      start: span.start,
      end: span.end,
      ...(hits && { hits: { ...hits, name: unmask(hits.name) } }),
      ...(this.#connected && hits?.kind !== 'path' && { connected: true }),
    });
  }

  connect(connection: Omit<Connection, 'start' | 'end'>, span: Span): undefined {
    this.#connected = true;
    const shown = Object.entries(connection).map(([key, value]) => [key, value && unmask(value)]);
    this.account.connect({
      ...(Object.fromEntries(shown) as typeof connection),
      ...(this.place && { within: this.place }),
      start: span.start,
      end: span.end,
    });
  }

  mark(flags: { interactive?: boolean; background?: boolean; longRunning?: boolean }): undefined {
    this.account.mark(flags);
  }

  fail(message: string, span: Span): undefined {
    this.account.fail(message, span.start, span.end);
  }

  writes(path: Word, verb = 'writes'): undefined {
    const name = path.text;
    if (name === '-' || /^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$/.test(name)) return;
    const hits: Thing = { kind: 'path', name };
    if (/^\/dev\/(sd|nvme|vd|xvd|hd|mmcblk|disk|mapper\/|dm-|md|loop)/.test(name))
      return this.add('destroys', `overwrites the device ${name}`, path, hits);
    const exists = this.exists(path);
    if (exists === true)
      this.add('destroys', `overwrites ${name}, which exists`, path, { ...hits, replaced: true });
    else if (exists === false) this.add('changes', `${verb} the new file ${name}`, path, hits);
    else this.add('changes', `${verb} ${name}, and overwrites it if it is there`, path, hits);
  }

  exists(path: Word, name: string = path.text): boolean | undefined {
    const { exists } = this.context;
    // A tilde in quotes is a name, and what an author wrote for a name is none.
    if (!exists || !path.known || this.elsewhere || (path.quoted && name.startsWith('~'))) return undefined;
    const asked = this.scope.pathOf(name);
    return asked === undefined || unmask(asked) !== asked ? undefined : exists(asked);
  }

  move(folder: Word | undefined): undefined {
    const there = folder?.known === true && folder.text !== '-' ? folder.text : undefined;
    // Where it cannot go, it stays where it was: only a folder that is there is taken for granted.
    this.scope.move(folder && this.exists(folder, `${there}/.`) === true ? there : undefined);
  }

  fileText(path: Word): string | undefined {
    if (!path.known || this.elsewhere) return undefined;
    // After `cd x` a relative name is that of another file.
    const asked = this.scope.pathOf(path.text);
    return asked === undefined ? undefined : this.context.fileText?.(asked);
  }

  value(name: string): string | undefined {
    return this.scope.value(name);
  }

  forget(name: string): undefined {
    this.scope.assign(name, undefined, wordOf(`$${name}`, { start: 0, end: 0 }, false));
  }

  define(name: string, body: Word): undefined {
    this.scope.define(name, body);
  }

  rearrange(change: (before: readonly Word[]) => readonly Word[] | undefined): undefined {
    const { positional } = this.scope;
    this.scope.rearrange(change(positional ?? []));
  }

  /** The text does not read: a destroying word in it is enough. */
  protected broken(text: string, message: string, span: Span): undefined {
    this.fail(message, span);
    const destroyer = destroyerIn(text);
    if (destroyer) this.add('destroys', `${message}, and it contains ${destroyer}`, span);
    else this.add('unknown', message, span);
  }

  protected tooDeep(span: Span): undefined {
    this.add('unknown', 'nested too deeply to be read', span);
  }
}

function shorten(reason: string): string {
  const line = reason.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
