import fs from 'node:fs';
import { z } from 'zod';

/** What a part of the test run found. */
export type PartResult = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Shown when something failed. */
  readonly output: string;
};

const vitestSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/**
 * Reads vitest's JSON report. A file that could not be loaded holds no test that failed, and yet is a
 * failure: it counts as one. So does a run that left no report, or failed outside of its tests.
 */
export function readVitestReport(file: string, run: { ok: boolean; output: string }): PartResult {
  const report = readReport(file, vitestSchema);
  if (report === null) return { passed: 0, failed: 1, skipped: 0, output: run.output };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: run.ok || failed > 0 ? failed : 1,
    skipped: report.numPendingTests + report.numTodoTests,
    output: run.output,
  };
}

const playwrightSchema = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

/** Reads Playwright's JSON report. A flaky test failed at least once, so it counts as failed. */
export function readPlaywrightReport(
  file: string,
  run: { ok: boolean; output: string },
): PartResult {
  const report = readReport(file, playwrightSchema);
  if (report === null) return { passed: 0, failed: 1, skipped: 0, output: run.output };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return {
    passed: expected,
    failed: run.ok || failed > 0 ? failed : 1,
    skipped,
    output: run.output,
  };
}

function readReport<Report>(file: string, schema: z.ZodType<Report>): Report | null {
  if (!fs.existsSync(file)) return null;
  return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
}
