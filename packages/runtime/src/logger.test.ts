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

it('keeps what hangs on errors of clients out of the log, for users may be in it', () => {
  const file = path.join(folder, 'worker.log');
  const logger = createLogger({
    name: 'worker',
    level: 'info',
    file,
    terminal: { write: () => 0 },
  });
  const refused = Object.assign(new Error('OOM command not allowed'), {
    code: 'OOM',
    command: { name: 'xadd', args: ['live', 'ann@example.com'] },
  });
  const row = Object.assign(new Error('row violates check constraint'), {
    code: '23514',
    detail: 'Failing row contains (1, ann@example.com).',
  });
  const both = new AggregateError([refused, row], 'two of them');
  for (const err of [new Error('storing failed', { cause: refused }), row, both]) {
    logger.error({ err }, 'failed');
  }
  const text = fs.readFileSync(file, 'utf8');
  expect(text).not.toContain('ann@example.com');
  const [wrapped, second, third] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(wrapped).toMatchObject({
    err: { type: 'Error', message: 'storing failed: OOM command not allowed' },
  });
  expect(second).toMatchObject({ err: { code: '23514', stack: expect.stringContaining('Error') } });
  expect(third).toMatchObject({ err: { errors: [{ code: 'OOM' }, { code: '23514' }] } });
});
