const words =
  /\b(?:errors?|fatal|panic(?:ked)?|failed|failures?|fails|exception|traceback|abort(?:ed|ing)?|denied|refused|cannot|could not|unable to|no such|not found|segmentation fault|out of memory|no space left)\b/i;
/** What names no error although it has the word: "0 errors", "no error", "--on-error-stop", "errors: 0". */
const harmless =
  /\b(?:0|no|without|zero) (?:errors?|failures?|failed)\b|\b(?:errors?|failures?|failed)[:=]\s*0\b|[-_](?:errors?|failed)\b|\b(?:errors?|failed)[-_]/gi;

/** Whether a line of output reads like an error: by its words, whoever printed it. */
export function looksLikeError(text: string): boolean {
  return words.test(text.replace(harmless, ''));
}
