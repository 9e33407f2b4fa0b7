import { defineConfig } from 'vitest/config';

/** Start a built Warren or wait for real time: not part of `npm run verify`. */
const SLOW = ['test/*.slow.test.ts', 'test/crash/**/*.test.ts'];

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/lib/**/*.test.ts', 'test/bench/**/*.test.ts', 'test/*.test.ts'],
          exclude: SLOW,
          // Properties take their time, on a machine that others use too a multiple of it.
          testTimeout: 30_000,
        },
      },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          // Brokers that measure time and memory do not share the machine with each other.
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: SLOW, fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
});
