/**
 * A sequence wrapped so that a multiplexer hands it on to the terminal that it runs in: tmux where its option
 * `allow-passthrough` is on (tmux(1)), GNU screen as it is (screen(1), "ESC P: outputs a string directly to the host
 * terminal"). As it stands where there is none.
 */
export function passedThrough(sequence: string, environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.TMUX) return `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  if (environment.STY) return `\x1bP${sequence}\x1b\\`;
  return sequence;
}

/** Whether the terminal is one that tmux or screen makes up. */
export function isMultiplexed(environment: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(environment.TMUX || environment.STY);
}
