import type { Logger } from '@arbor/runtime/logger';
import { expect, it } from 'vitest';
import { createErrorLog } from './error-log.ts';

it('logs an error once in a while, whatever job it is about', () => {
  const lines: string[] = [];
  const logger = { warn: (_: object, text: string) => lines.push(text) } as unknown as Logger;
  let now = 0;
  const logError = createErrorLog(logger, () => now);
  logError(new Error('job 17 of ingest-live is tried again'));
  logError(new Error('job 18 of ingest-live is tried again'));
  logError(new Error('redis is away'));
  expect(lines).toEqual(['job 17 of ingest-live is tried again', 'redis is away']);
  now = 6000;
  logError(new Error('job 19 of ingest-live is tried again'));
  expect(lines).toHaveLength(3);
});
