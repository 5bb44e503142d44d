import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger, shortLine } from './logger.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-logger-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

it('writes JSON lines to the file and short lines to the terminal', () => {
  const file = path.join(folder, 'logs', 'api.log');
  const shown: string[] = [];
  const logger = createLogger({
    name: 'api',
    level: 'info',
    file,
    terminal: { write: (text) => shown.push(text) },
  });
  logger.debug('not shown');
  logger.warn({ queue: 'ingest-live', depth: 3 }, 'queue is full');
  expect(shown.map((line) => line.slice(9))).toEqual([
    'warn  queue is full  queue=ingest-live  depth=3\n',
  ]);
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 40,
    name: 'api',
    pid: process.pid,
    queue: 'ingest-live',
    msg: 'queue is full',
  });
});

it('shows the stack of an error below its line', () => {
  const line = shortLine(
    JSON.stringify({ level: 50, time: 0, msg: 'failed', err: { stack: 'Error: no\n    at x' } }),
  );
  expect(line).toBe('00:00:00 error failed\nError: no\n    at x\n');
});
