/**
 * How property tests run: ARBOR_TEST_RUNS raises the number of cases, ARBOR_TEST_SEED asks others. The same cases every time
 * unless it is `random`, so that a red run means that a change broke something; what nobody has tried yet is sought on its own
 * (`pnpm explore`), and what is found is kept as a case.
 * The only file of the engine's tests that reads the environment.
 */
export const propertyRuns = Number(process.env['ARBOR_TEST_RUNS'] ?? 300);

const seed = process.env['ARBOR_TEST_SEED'] ?? '20261123';

export const propertySeed = seed === 'random' ? Date.now() % 2 ** 31 : Number(seed);

/**
 * How long one test of them may take: some tens of times what it does alone, for it may share its cores with much else, and
 * time says nothing about whether two answers are equal.
 */
export const propertyTimeoutMs = 120_000 + propertyRuns * 1500;
