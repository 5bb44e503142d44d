import { defineConfig } from 'vitest/config';

const needsServer = '**/*.{pg,redis}.test.ts';
const sources = ['apps/*/{src,test}', 'packages/*/{src,test}', 'scripts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // A process a file costs as much as the tests; none of these leaves anything behind for the next.
          pool: 'threads',
          isolate: false,
          include: sources.map((dir) => `${dir}/**/*.test.{ts,tsx}`),
          exclude: ['**/node_modules/**', needsServer],
          testTimeout: 30_000,
        },
      },
      {
        // Needs PostgreSQL and Redis: real ones, started once for the run on free ports.
        test: {
          name: 'services',
          include: sources.map((dir) => `${dir}/${needsServer}`),
          globalSetup: ['packages/local-stack/src/testing/services-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // Drives a whole stack of its own: real processes, real clients.
        test: {
          name: 'stack',
          include: ['tests/stack/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
