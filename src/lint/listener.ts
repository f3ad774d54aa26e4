import type { Reader } from '../effects/call.ts';

/** Asks a tool's table only for the commands and scripts that it starts; all else it has to say is let go. */
export function listener(on: Pick<Reader, 'command' | 'shell'>): Reader {
  const ignored = () => undefined;
  return {
    context: {},
    elsewhere: false,
    add: ignored,
    connect: ignored,
    mark: ignored,
    fail: ignored,
    writes: ignored,
    exists: ignored,
    move: ignored,
    fileText: ignored,
    value: ignored,
    forget: ignored,
    define: ignored,
    rearrange: ignored,
    ...on,
  };
}
