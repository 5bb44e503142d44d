import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function job(): { work: () => Promise<string>; end: () => void; started: () => boolean } {
  const { promise, resolve } = deferred();
  let started = false;
  return {
    work: async () => {
      started = true;
      await promise;
      return 'done';
    },
    end: resolve,
    started: () => started,
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('runs up to the bound of a project, then the others in order of arrival', async () => {
  const admission = new Admission({ perProjectMax: 1, totalMax: 10, waitingMax: 2 });
  const [first, second, third] = [job(), job(), job()];
  const runs = [first, second, third].map(({ work }) => admission.run(1, never, work));
  await tick();
  expect([first, second, third].map(({ started }) => started())).toEqual([true, false, false]);
  first.end();
  await tick();
  expect([second, third].map(({ started }) => started())).toEqual([true, false]);
  second.end();
  third.end();
  expect(await Promise.all(runs)).toEqual(['done', 'done', 'done']);
});

test('does not let one project hold up another', async () => {
  const admission = new Admission({ perProjectMax: 1, totalMax: 2, waitingMax: 2 });
  const [busy, waiting, other] = [job(), job(), job()];
  const runs = [
    admission.run(1, never, busy.work),
    admission.run(1, never, waiting.work),
    admission.run(2, never, other.work),
  ];
  await tick();
  expect(other.started()).toBe(true);
  for (const { end } of [busy, waiting, other]) end();
  await Promise.all(runs);
});

test('refuses what is over the bound of the queue, and says when to come back', async () => {
  const admission = new Admission({ perProjectMax: 1, totalMax: 10, waitingMax: 1 });
  const [running, waiting] = [job(), job()];
  const runs = [admission.run(1, never, running.work), admission.run(1, never, waiting.work)];
  await expect(admission.run(1, never, job().work)).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: '1 queries of project 1 wait already',
    retryAfterSeconds: 2,
  });
  running.end();
  waiting.end();
  await Promise.all(runs);
});

test('forgets a caller that went away while it waited', async () => {
  const admission = new Admission({ perProjectMax: 1, totalMax: 10, waitingMax: 1 });
  const [running, gone, next] = [job(), job(), job()];
  const run = admission.run(1, never, running.work);
  const leaving = new AbortController();
  const left = admission.run(1, leaving.signal, gone.work);
  leaving.abort(new Error('the tab was closed'));
  await expect(left).rejects.toThrow('the tab was closed');
  const after = admission.run(1, never, next.work);
  running.end();
  next.end();
  expect(await Promise.all([run, after])).toEqual(['done', 'done']);
  expect(gone.started()).toBe(false);
});

test('makes room again when work fails', async () => {
  const admission = new Admission({ perProjectMax: 1, totalMax: 1, waitingMax: 0 });
  await expect(admission.run(1, never, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(await admission.run(1, never, () => Promise.resolve('fine'))).toBe('fine');
});
