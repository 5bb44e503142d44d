import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { IdentityCluster, IdentityLog, IdentitySplit } from '@arbor/schema/identity';
import type { UserProfile } from '@arbor/schema/users-result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * A merge that was a mistake, through a whole stack: two users become one at once, and two again with the events that
 * each of them sent, those that came while they were one too.
 */

const project = testProject(53, 'undo');
const range = { from: '2026-03-01', to: '2026-03-31' };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
});
afterAll(async () => {
  await stack.stop();
});

const url = (path: string): string => `${stack.apiUrl}/api/v1/projects/${project.id}/${path}`;

async function answered<T>(path: string, body?: object): Promise<T> {
  const response = await requestAsAdmin(url(path), body === undefined ? {} : { body });
  expect([200, 202]).toContain(response.status);
  return (await response.json()) as T;
}

let sentCount = 0;
async function visit(user: string, times: number): Promise<void> {
  const events = Array.from({ length: times }, () => ({
    event: 'Visit',
    properties: {
      token: project.token,
      distinct_id: user,
      time: Date.UTC(2026, 2, 5, 12, sentCount % 60),
      $insert_id: `visit-${sentCount++}`,
    },
  }));
  const response = await fetch(`${stack.apiUrl}/track?ip=0`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(response.status).toBe(200);
}

const counts = (total: number, users: number) =>
  until(
    () => countEvents(stack.apiUrl, project, { ...range, event: 'Visit' }),
    (answer) => answer.total === total && answer.users === users,
  );
/** Each zone takes the rewritten files on its own: for a second one may still answer as before. */
const hasEvents = (user: string, count: number) =>
  until(
    () => answered<{ profile: UserProfile }>(`users/${user}`),
    ({ profile }) => profile.eventCount === count,
  );

test('two users who were merged by mistake are two again, each with what he did', async () => {
  await visit('ann', 3);
  await visit('bob', 2);
  await counts(5, 2);

  expect(await answered('identity/merges', { one: 'ann', other: 'bob' })).toEqual({ done: true });
  await counts(5, 1);
  await visit('bob', 4);
  await counts(9, 1);
  const { user } = await answered<{ user: IdentityCluster }>('identity/users/bob');
  expect(user.identifiers.map(({ identifier }) => identifier)).toEqual(['ann', 'bob']);

  const { links } = await answered<IdentityLog>('identity/users/bob/links');
  expect(links).toMatchObject([{ form: 'explicit', alias: 'bob', joined: 'ann', undone: null }]);
  const link = links[0]?.id ?? '';
  const { split } = await answered<{ split: IdentitySplit }>(`identity/links/${link}/preview`);
  expect(split).toEqual({
    stays: { canonical: 'ann', identifiers: ['ann'] },
    leaves: { canonical: 'bob', identifiers: ['bob'] },
  });

  expect(await answered(`identity/links/${link}/undo`, {})).toEqual({ done: true });
  await counts(9, 2);
  await hasEvents('ann', 3);
  await hasEvents('bob', 6);
  await visit('bob', 1);
  await counts(10, 2);
  await hasEvents('bob', 7);

  const again = await requestAsAdmin(url(`identity/links/${link}/undo`), { body: {} });
  expect(again.status).toBe(409);
  expect(await answered('identity/merges', { one: 'ann', other: 'bob' })).toEqual({ done: true });
  await counts(10, 1);
  await hasEvents('bob', 10);
});
