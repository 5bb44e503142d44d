import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProgressFile } from './progress-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbor-demo-'));
});
afterEach(() => rm(folder, { recursive: true }));

const progress = {
  version: 1,
  seed: 7,
  endDay: '2026-11-21',
  daysLoaded: 12,
  coveredUntil: null,
} as const;

test('keeps what was written last, and leaves nothing beside it', async () => {
  const file = openProgressFile(folder);
  expect(await file.read()).toBeNull();
  await file.write(progress);
  await file.write({ ...progress, daysLoaded: 13 });
  expect(await file.read()).toEqual({ ...progress, daysLoaded: 13 });
  expect(await readdir(folder)).toEqual(['demo.json']);
});

test('says what to do about a file it cannot read', async () => {
  await writeFile(path.join(folder, 'demo.json'), '{"version":1');
  await expect(openProgressFile(folder).read()).rejects.toThrow(
    `${path.join(folder, 'demo.json')} is not readable: delete the data folder to start the demo afresh, or restore the file`,
  );
});
