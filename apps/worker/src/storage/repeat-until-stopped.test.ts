import { expect, it } from 'vitest';
import { repeatUntilStopped } from './repeat-until-stopped.ts';

it('goes on after failures, and ends with the run that is under way when it is stopped', async () => {
  const stop = new AbortController();
  const errors: string[] = [];
  let runs = 0;
  await repeatUntilStopped({
    everyMs: 0,
    signal: stop.signal,
    async run() {
      runs++;
      await Promise.resolve();
      if (runs === 3) stop.abort();
      throw new Error(`run ${runs}`);
    },
    onError: ({ message }) => errors.push(message),
  });
  expect(errors).toEqual(['run 1', 'run 2', 'run 3']);
});

it('does not wait out the pause when it is stopped', async () => {
  const stop = new AbortController();
  const loop = repeatUntilStopped({
    everyMs: 3_600_000,
    signal: stop.signal,
    run: () => Promise.resolve(),
    onError: () => undefined,
  });
  setImmediate(() => stop.abort());
  await expect(loop).resolves.toBeUndefined();
});
