import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    root: new URL('..', import.meta.url).pathname,
    // Only what hangs ends by these: no test says how fast anything is.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: 'forks',
    // Most of the time a file waits for a server or a child of its own: half as many again keep the cores busy.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    globalSetup: ['test/support/product.ts'],
  },
});
