/**
 * How long property tests run: ARBOR_TEST_RUNS raises the number of runs, ARBOR_TEST_SEED repeats one. There are
 * dozens of them and every run has another seed, so that a few runs each time come to many.
 * The only file of the engine's tests that reads the environment.
 */
export const propertyRuns = Number(process.env['ARBOR_TEST_RUNS'] ?? 100);

export const propertySeed = Number(process.env['ARBOR_TEST_SEED'] ?? Date.now() % 2 ** 31);
