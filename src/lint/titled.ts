import type { Range } from '../runbook/range.ts';
import type { Document } from './document.ts';

/** Where a finding about the whole document stands: its first heading, or its first line. */
export function titlePlace(document: Document): Range {
  const { source } = document;
  const line =
    document.prose.find((each) => /^\s{0,3}#{1,6}\s/.test(each.text)) ??
    document.prose.find((each) => each.text.trim() !== '');
  const span = source.line(line?.number ?? 1);
  return source.range(span.start, span.end);
}

/** True for a document by which somebody changes something: only then it needs an owner, contacts and a way back. */
export function isActedOn(document: Document): boolean {
  return document.doings.some((doing) => doing.script && doing.script.effects.class !== 'reads');
}
