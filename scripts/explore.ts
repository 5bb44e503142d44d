import { spawnSync } from 'node:child_process';

/**
 * `pnpm explore [RUNS [FILTER]]`: the property tests with cases that nobody has tried yet, 3000 of each, in all files whose
 * path has the filter ("property"). A failure names its seed: ARBOR_TEST_SEED repeats it.
 */
const [runs = '3000', filter = 'property'] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', filter],
  {
    stdio: 'inherit',
    env: { ARBOR_TEST_SEED: 'random', ...process.env, ARBOR_TEST_RUNS: runs },
  },
);
process.exitCode = status ?? 1;
