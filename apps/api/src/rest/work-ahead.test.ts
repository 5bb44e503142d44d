import { expect, test } from 'vitest';
import type { AuthorizedProject } from '../auth/authorize.ts';
import { ApiError } from '../errors.ts';
import { WorkAhead } from './work-ahead.ts';

const shop: AuthorizedProject = {
  id: 1,
  organizationId: 1,
  organization: 'Acme',
  name: 'Shop',
  token: 'shop-token',
  timezone: 'UTC',
  weekStart: 1,
  quarterStart: 1,
  allowedOrigins: [],
  spread: 1,
  isDemo: false,
  definitionsVersion: 7,
  role: 'analyst',
};
const refusal = new ApiError('UNAUTHENTICATED', 'the credentials are not valid');

/** Requests of one caller: what was done, in order, and how the database answers the request at hand. */
function caller() {
  const log: string[] = [];
  const ahead = new WorkAhead();
  const request = (authorise: () => Promise<AuthorizedProject>, fails = false): Promise<string> =>
    ahead.run({
      key: 'secret',
      authorise: async () => {
        const project = await authorise();
        log.push('authorised');
        return project;
      },
      work: async ({ definitionsVersion }, signal) => {
        log.push(`begins ${definitionsVersion}`);
        signal.addEventListener('abort', () => log.push(`ends ${definitionsVersion}`));
        await Promise.resolve();
        if (fails) throw new ApiError('INVALID_QUERY', 'no such event');
        return `answer ${definitionsVersion}`;
      },
      signal: new AbortController().signal,
    });
  return { log, request };
}

test('the first request of a caller waits until it is authorised', async () => {
  const { log, request } = caller();
  expect(await request(() => Promise.resolve(shop))).toBe('answer 7');
  expect(log).toEqual(['authorised', 'begins 7']);
});

test('a later one begins at once, and is answered when it is authorised', async () => {
  const { log, request } = caller();
  await request(() => Promise.resolve(shop));
  log.length = 0;
  let allow: (project: AuthorizedProject) => void = () => undefined;
  const answer = request(() => new Promise((resolve) => (allow = resolve)));
  let isAnswered = false;
  void answer.then(() => (isAnswered = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([log, isAnswered]).toEqual([['begins 7'], false]);
  allow({ ...shop });
  expect(await answer).toBe('answer 7');
  expect(log).toEqual(['begins 7', 'authorised']);
});

test('begins again where the project has changed', async () => {
  const { log, request } = caller();
  await request(() => Promise.resolve(shop));
  log.length = 0;
  expect(await request(() => Promise.resolve({ ...shop, definitionsVersion: 8 }))).toBe('answer 8');
  expect(log).toEqual(['begins 7', 'authorised', 'ends 7', 'begins 8']);
  log.length = 0;
  expect(await request(() => Promise.resolve({ ...shop, definitionsVersion: 8 }))).toBe('answer 8');
  expect(log).toEqual(['begins 8', 'authorised']);
});

test('a caller who may not any more learns nothing but that, also where the work fails', async () => {
  for (const fails of [false, true]) {
    const { log, request } = caller();
    await request(() => Promise.resolve(shop));
    log.length = 0;
    await expect(request(() => Promise.reject(refusal), fails)).rejects.toBe(refusal);
    expect(log).toEqual(['begins 7', 'ends 7']);
    await expect(request(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(log).toEqual(['begins 7', 'ends 7']);
  }
});

test('work that fails is told once its caller is authorised', async () => {
  const { log, request } = caller();
  await request(() => Promise.resolve(shop));
  log.length = 0;
  await expect(request(() => Promise.resolve({ ...shop }), true)).rejects.toThrow('no such event');
  expect(log).toEqual(['begins 7', 'authorised']);
});

test('remembers callers apart', async () => {
  const ahead = new WorkAhead();
  const { signal } = new AbortController();
  const ask = (key: string, project: AuthorizedProject): Promise<number[]> => {
    const seen: number[] = [];
    return ahead.run({
      key,
      authorise: () => Promise.resolve(project),
      work: (taken) => {
        seen.push(taken.id);
        return Promise.resolve(seen);
      },
      signal,
    });
  };
  expect(await ask('one', shop)).toEqual([1]);
  expect(await ask('another', { ...shop, id: 2 })).toEqual([2]);
  expect(await ask('one', shop)).toEqual([1]);
});
