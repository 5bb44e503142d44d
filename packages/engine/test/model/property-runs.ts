/**
 * How long property tests run: ARBOR_TEST_RUNS raises the number of runs, ARBOR_TEST_SEED repeats one.
 * The only file of the engine's tests that reads the environment.
 */
export const propertyRuns = Number(process.env['ARBOR_TEST_RUNS'] ?? 300);

export const propertySeed = Number(process.env['ARBOR_TEST_SEED'] ?? Date.now() % 2 ** 31);
