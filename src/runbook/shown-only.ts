import type { Guess } from './guess.ts';

/**
 * Why a block that reads like commands is shown and not run, by the words right before it: they announce what was
 * printed, forbid what follows, or tell what was done at another time. Undefined where they say none of that.
 */
export function shownOnly(before: string): Guess['reason'] | undefined {
  const words = lastSentence(before);
  if (forbids(words) || tellsOfThePast(words)) return 'said not to be run';
  return namesOutput(words) ? 'announced as output' : undefined;
}

/** The last sentence, without the mark of an admonition; a full stop at its own end does not cut it. */
function lastSentence(before: string): string {
  const text = before.slice(-300).replace(/[’‘]/g, "'").replace(/\s+/g, ' ').trim();
  const last = text.split(/[.!?]\s+(?=\S)/).at(-1) ?? '';
  return last.replace(/^\W*(?:(?:caution|danger|warning|important|attention|note)\b[\]\s:*!]*)?/i, '').trim();
}

/** "Never do this on the primary:", "Do NOT run:". With a condition ("without a backup") it is a rule, not a ban. */
function forbids(words: string): boolean {
  const ban =
    /\b(?:never|do not|don't|must not|mustn't|should not|shouldn't)\s+(?:ever\s+)?(?:do|run|use|execute|try|type|issue|copy|paste)\b/i.exec(
      words,
    );
  if (!ban) return false;
  if (
    /\b(?:without|unless|until|before|if|when|while|instead|twice|again|but|then)\b/i.test(
      words.slice(ban.index),
    )
  )
    return false;
  // In the middle of a sentence only where it stands alone: "The old way (do not run, for reference):".
  const opens = ban.index === 0 || /[(:;,–—-]\s*$/.test(words.slice(0, ban.index));
  return opens && (/:\W*$/.test(words) || words.length < 50);
}

/** "The previous incident did this:", "Session from the last incident, for orientation". */
function tellsOfThePast(words: string): boolean {
  return (
    words.length < 120 &&
    (/^(?:(?:in|during) )?(?:the |our )?(?:previous|last|past|earlier) (?:incident|outage)\b.*\b(?:did|was done|ran|we used|looked like)\b[^.]*:\W*$/i.test(
      words,
    ) ||
      /\b(?:session|transcript|log|recording|history|commands)\b.*\b(?:from|of|during) (?:the |a |our )?(?:previous|last|past|earlier) (?:incident|outage)\b/i.test(
        words,
      ) ||
      /\b(?:for|as) (?:orientation|illustration)(?: only)?\W*$|\bfor reference only\W*$/i.test(words))
  );
}

/** "Sample output:", "Expected:", "You should see:", "The command prints:", "Log:". */
function namesOutput(words: string): boolean {
  if (!/:\W*$/.test(words)) return /^(?:sample|example|expected) (?:outputs?|results?)$/i.test(words);
  const bare = words.replace(/\W+$/, '');
  return (
    /^(?:the )?(?:(?:sample|example|expected|actual|typical)(?: (?:console|terminal|command))? )?(?:outputs?|response)(?: (?:is|looks like|of the command|should be))?$/i.test(
      bare,
    ) ||
    /^(?:sample|example|expected|typical) (?:results?|logs?)$|^expected$|^logs?(?: (?:output|excerpt|lines?))?$/i.test(
      bare,
    ) ||
    /^(?:then |now )?you (?:should|will|'ll) (?:now |then )?(?:see|get)(?: (?:something|an? output|output|lines?|messages?))?(?: (?:like|similar to))?(?: (?:this|the following))?$/i.test(
      bare,
    ) ||
    /^(?:the|this) (?:command|script|tool|job)(?: (?:should|will))? (?:prints?|shows?|outputs?|writes|returns?)(?: (?:something|lines?))?(?: (?:like|similar to))?(?: (?:this|the following))?$/i.test(
      bare,
    )
  );
}
