/** What programs print when they wanted to ask something and had no terminal to ask on. */
const signs: readonly RegExp[] = [
  /\/dev\/tty.*(?:No such device|not configured|cannot open|can't open)/i,
  /(?:could not|cannot|can't|unable to) (?:read|open|get).*\/dev\/tty/i,
  /could not read (?:Username|Password) for .*(?:No such device|terminal prompts disabled)/i,
  /sudo: (?:a terminal is required|a password is required|no tty present|sorry, you must have a tty)/i,
  /Host key verification failed/,
  /Permission denied \([^)]*(?:password|keyboard-interactive)[^)]*\)/,
  /fe_sendauth: no password supplied/,
  /(?:the input device is not a TTY|stdin is not a terminal|not a tty|Inappropriate ioctl for device)/i,
  /(?:must be run (?:from|in) a terminal|requires? (?:a|an interactive) (?:tty|terminal)|standard input is not a terminal)/i,
  /(?:TERM environment variable not set|Error opening terminal|open terminal failed)/,
  /Cannot (?:login|prompt) in non-interactive mode|non-interactive (?:mode|terminal|session)/i,
  /gpg: cannot open '\/dev\/tty'|EOF when reading a line|failed to get the password: EOF/i,
];

/** Whether the end of a failed command's output says that it wanted to prompt. */
export function looksLikePrompt(tail: string): boolean {
  return signs.some((sign) => sign.test(tail));
}
