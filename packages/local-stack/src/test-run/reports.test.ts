import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPlaywrightReport, readVitestReport } from './reports.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-reports-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

function report(content: unknown): string {
  const file = path.join(folder, 'report.json');
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

const vitest = (passed: number, failed: number, files: unknown[] = []) => ({
  success: failed === 0,
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: files,
});
const ok = { ok: true, output: '' };
const failing = { ok: false, output: 'what it printed' };

it('counts the tests of vitest', () => {
  expect(readVitestReport(report(vitest(7, 0)), ok)).toEqual({
    passed: 7,
    failed: 0,
    skipped: 1,
    output: '',
  });
  const files = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
  expect(readVitestReport(report(vitest(6, 1, files)), failing)).toMatchObject({ failed: 1 });
});

it('counts a file that could not be loaded, and a failure outside of all tests', () => {
  const files = [{ status: 'failed', assertionResults: [] }];
  expect(readVitestReport(report(vitest(7, 0, files)), failing)).toMatchObject({ failed: 1 });
  expect(readVitestReport(report(vitest(7, 0)), failing)).toMatchObject({ passed: 7, failed: 1 });
  expect(readVitestReport(path.join(folder, 'none.json'), failing)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    output: 'what it printed',
  });
});

it('counts a flaky test of Playwright as failed', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
  expect(readPlaywrightReport(report({ stats }), failing)).toMatchObject({ passed: 5, failed: 2 });
});
