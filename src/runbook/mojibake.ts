/** The upper halves of the two code pages that UTF-8 is most often mistaken for, from 0x80 on. */
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const windows1252 =
  '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ';

const pages = [macRoman, windows1252].map((page) => {
  const bytes = new Map<string, number>();
  [...page].forEach((sign, index) => {
    bytes.set(sign, 0x80 + index);
  });
  return bytes;
});

/** At least two signs from beyond ASCII in a row: what a multi-byte character becomes when it is mis-decoded. */
const suspects = /[\u0080-\uffff]{2,}/g;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Turns UTF-8 that was once decoded as Mac Roman or Windows-1252 ("‚Äì", "â€“") back into what was meant
 * ("–"). Text that does not decode without a fault is left as it is. For showing only: ranges and commands
 * keep the source's own characters.
 */
export function mendMojibake(text: string): string {
  if (!/[‚√Ôâã¬üÂÃðï]/.test(text)) return text;
  return text.replace(suspects, (run) => {
    for (const page of pages) {
      const bytes: number[] = [];
      for (const sign of run) {
        const byte = page.get(sign);
        if (byte === undefined) break;
        bytes.push(byte);
      }
      if (bytes.length !== [...run].length) continue;
      try {
        return decoder.decode(new Uint8Array(bytes));
      } catch {}
    }
    return run;
  });
}
