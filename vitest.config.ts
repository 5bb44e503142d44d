import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const needsServer = '**/*.{pg,redis}.test.ts';
const sources = ['apps/*/{src,test}', 'packages/*/{src,test}', 'scripts'];

/**
 * Tests of whole stacks that take minutes begin early: last, they would run alone. None of the queries in `moves` may be
 * late, so beside it stand those that wait more than they compute.
 */
const early = ['moves', 'erasure-kill', 'erasure', 'undo', 'restart', 'moves-kill', 'kill'].map(
  (name) => `/tests/stack/${name}.test.ts`,
);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = early.findIndex((one) => moduleId.endsWith(one));
      return found < 0 ? early.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // A process a file costs as much as the tests; none of these leaves anything behind for the next.
          pool: 'threads',
          isolate: false,
          include: sources.map((dir) => `${dir}/**/*.test.{ts,tsx}`),
          exclude: ['**/node_modules/**', needsServer],
          // The first test of a file may start threads, the last hook ends them: seconds, where many processes wait.
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
          // They wait more than they compute: two stacks at once, each on ports and in a folder of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
