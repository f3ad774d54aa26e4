import { isMultiplexed, passedThrough } from './multiplexer.ts';

/**
 * Puts a text on the clipboard of the terminal, also over ssh: OSC 52 (xterm, "Manipulate Selection Data"). Terminals
 * may ignore it; none says so. In a multiplexer it is sent twice: to tmux itself (`set-clipboard on`) and through it.
 */
export function clipboard(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const sequence = `\x1b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\x07`;
  return isMultiplexed(environment) ? sequence + passedThrough(sequence, environment) : sequence;
}
