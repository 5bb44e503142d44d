import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchFolder } from './data-folder.ts';

let data: string;
beforeAll(() => {
  data = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bench-folder-'));
});
afterAll(() => fs.rmSync(data, { recursive: true }));

it('keeps sizes, seeds and files with ids of events apart', () => {
  const rootOf = (options: { events: number; seed: number; insertIds?: boolean }): string =>
    path.relative(data, benchFolder({ data, ...options }).root);
  expect([
    rootOf({ events: 10e6, seed: 42 }),
    rootOf({ events: 250e3, seed: 7 }),
    rootOf({ events: 10e6, seed: 42, insertIds: false }),
    rootOf({ events: 10e6, seed: 42, insertIds: true }),
  ]).toEqual(['10M', '250K-seed7', '10M', '10M-insert-ids']);
});
