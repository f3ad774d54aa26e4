import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

test.each(['ls', 'cd', 'echo', 'psql', 'grep', 'true'])(
  'a function of the run is what %s is, not the command of that name',
  (name) => {
    const functions = { [name]: 'rm -rf "$@"' };
    expect(readEffects(`${name} /data`, 'shell', { functions }).class).toBe('destroys');
    expect(readEffects(`command ${name} /data`, 'shell', { functions })).toEqual(
      readEffects(`command ${name} /data`, 'shell'),
    );
  },
);
