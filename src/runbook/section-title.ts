import type { Estimate } from './estimate.ts';
import { titleEstimate } from './estimate-reading.ts';

const referenceTitle =
  /^(?:\d+[.)]\s*)?(?:overview(?: (?:of|for)\b.*)?|summary|background|introduction|about|purpose|scope|.*\b(?:strategy|polic(?:y|ies)|metrics|considerations|best practices|contents|references?|resources|glossary|scenarios|faq|changelog|limitations|alerts?|conditions|channels|features|trade-?offs|architecture)|next steps|future work|see also|related.*|cost.*|alternatives|when to .*|why .*|what .*|.*\bwhat happens\b.*|notes?|symptoms|objectives?|important files|access control|backup types|types of .*)\s*$/i;

/** True for sections to read, not to do, whatever lists they hold; only a block of commands makes them steps. */
export function isReferenceTitle(title: string): boolean {
  return referenceTitle.test(title.replace(/[^\p{L}\p{N} .&/()-]/gu, ' ').trim());
}

/** A heading's number ("2", "3.1") and estimate, and the words without them. */
export function readTitle(heading: string): {
  readonly title: string;
  readonly number?: string;
  readonly estimate?: Estimate;
  readonly step: boolean;
} {
  const { title, estimate } = titleEstimate(heading);
  const found =
    /^(?:(step|phase|stage|part|task)\s+#?(\d+(?:\.\d+)*|[a-z])\s*(?:[:.)–—-]|\s)\s*|((?:\d+\.)*\d+)(?:[.):]|\s+[-–—]|\ufe0f?\u20e3)\s+)(.+)$/iu.exec(
      title,
    );
  if (found && (found[2] || found[3]))
    return {
      title: found[4]!,
      number: (found[2] ?? found[3])!,
      step: found[1] !== undefined,
      ...(estimate && { estimate }),
    };
  const alone = /^(step|phase)\s+(\d+(?:\.\d+)*)$/i.exec(title);
  if (alone) return { title, number: alone[2]!, step: true, ...(estimate && { estimate }) };
  return { title, step: false, ...(estimate && { estimate }) };
}
