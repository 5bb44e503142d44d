import { expect, it } from 'vitest';
import { Backoff } from './job-backoff.ts';

it('waits twice as long after each failure, up to a limit, and not at all after a success', () => {
  const backoff = new Backoff(10, 35);
  const waits: number[] = [];
  let now = 0;
  for (let attempt = 0; attempt < 4; attempt++) {
    backoff.failed('a', now);
    const failedAt = now;
    while (!backoff.mayTry('a', now)) now++;
    waits.push(now - failedAt);
  }
  expect(waits).toEqual([10, 20, 35, 35]);
  expect(backoff.mayTry('b', 0)).toBe(true);
  backoff.failed('a', now);
  backoff.succeeded('a');
  expect(backoff.mayTry('a', now)).toBe(true);
});
