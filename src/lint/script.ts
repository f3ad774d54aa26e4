import type { Reading } from '../effects/effect.ts';
import { readEffects } from '../effects/read.ts';
import type { Range } from '../runbook/range.ts';
import type { Source } from '../runbook/source.ts';
import type { Assignment, Invocation } from './invocation.ts';
import { readInvocations, type ScriptReading } from './invocation-reading.ts';
import { type Placing, placingOf } from './placing.ts';
import { readSqlPieces, type SqlPiece } from './sql-piece.ts';

/** Longer than this no script is taken apart; UTF-16 code units. */
const longest = 100_000;

/** A piece of shell or SQL that a runbook holds, read when a rule first asks. */
export class Script {
  readonly text: string;
  readonly language: 'shell' | 'sql';
  readonly range: Range;
  readonly place: Placing;
  #shell: ScriptReading | undefined;
  #sql: readonly SqlPiece[] | undefined;
  #effects: Reading | undefined;

  constructor(source: Source, text: string, language: 'shell' | 'sql', range: Range) {
    this.text = text.length > longest ? '' : text;
    this.language = language;
    this.range = range;
    this.place = placingOf(source, range, text);
  }

  get invocations(): readonly Invocation[] {
    return this.#reading().invocations;
  }

  get assignments(): readonly Assignment[] {
    return this.#reading().assignments;
  }

  /** Every SQL statement in it: its own, those of `psql -c`, here-documents and here-strings. */
  get sql(): readonly SqlPiece[] {
    this.#sql ??= readSqlPieces(this);
    return this.#sql;
  }

  get effects(): Reading {
    this.#effects ??= readEffects(this.text, this.language);
    return this.#effects;
  }

  #reading(): ScriptReading {
    this.#shell ??=
      this.language === 'shell' ? readInvocations(this.text) : { invocations: [], assignments: [] };
    return this.#shell;
  }
}
