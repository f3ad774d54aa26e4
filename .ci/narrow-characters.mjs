// Characters that are one column wide in every terminal and join nothing beside them, as they stand in a class of a
// regular expression: ASCII, Latin letters, and the marks and lines that our screens are drawn with.
export const narrowCharacters = ' -~¡-¬®-ˬ–—…‘’“”•‹›←-↓→↪⏎─-▟■▪▶▸►●✓✗☐☑×';
