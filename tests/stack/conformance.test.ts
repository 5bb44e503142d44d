import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conformance } from '../support/command.ts';

const cases = fileURLToPath(
  new URL('../../packages/conformance/test/cases/sample-data.json', import.meta.url),
);

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-cases-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('cases pass through a stack of their own, before and after their rows are indexed', async () => {
  const { stdout, code } = await conformance(cases);
  expect(stdout).toBe('5 passed, 0 failed\n');
  expect(code).toBe(0);
});

test('a wrong number is shown with what came instead, and fails the command', async () => {
  const [first] = JSON.parse(fs.readFileSync(cases, 'utf8')) as [
    { id: string; notes: string; expected: { values: number[][] } },
  ];
  const values = [[1, 2, 7], first.expected.values[1]];
  const file = path.join(folder, 'wrong.json');
  fs.writeFileSync(file, JSON.stringify([{ ...first, expected: { values } }]));
  const { stdout, code } = await conformance(file, '--in-memory');
  expect(stdout).toBe(`FAILED ${first.id}: ${first.notes}
  rows:
    values[0]
      expected [1,2,7]
      got      [1,2,2]
  segments:
    values[0]
      expected [1,2,7]
      got      [1,2,2]

0 passed, 1 failed
`);
  expect(code).toBe(1);
});
