import { expect, it } from 'vitest';
import { jobOptions, retryDelayMs } from './job-options.ts';
import { queueLimits } from './limits.ts';

it('never gives a job up', () => {
  expect(jobOptions('x').attempts).toBeGreaterThan(1e15);
});

it('waits longer after every failure, up to a bound', () => {
  expect([1, 2, 3].map(retryDelayMs)).toEqual([100, 200, 400]);
  expect(retryDelayMs(1000)).toBe(queueLimits.retryMsMax);
});
