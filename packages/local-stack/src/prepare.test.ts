import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endPreparation, runTool } from './prepare.ts';
import { isAlive } from './process-table.ts';
import { waitUntil } from './wait.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-prepare-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

it('ends a tool with all it started, so that nothing builds on after a stop', async () => {
  const file = path.join(folder, 'pid');
  const task = 'setInterval(() => {}, 1000)';
  const tool = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(task)}]);
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(pid)); ${task}`;
  const failure = runTool(process.execPath, ['-e', tool], folder).catch((error: Error) => error);
  const readPid = (): number => Number(fs.existsSync(file) && fs.readFileSync(file, 'utf8'));
  expect(await waitUntil(() => readPid() > 0, { timeoutMs: 5000 })).toBe(true);

  await endPreparation();

  expect(String(await failure)).toContain('failed (SIGTERM)');
  expect(await waitUntil(() => !isAlive(readPid()), { timeoutMs: 2000 })).toBe(true);
});
