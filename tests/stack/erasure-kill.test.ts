import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { DataRequest } from '@arbor/schema/privacy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInFiles } from '../support/find-in-files.ts';
import { bootstrapOf, countEvents, requestAsAdmin, testProject } from '../support/project.ts';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

/*
 * An erasure whose processes are killed again and again, at whichever step they are: it is carried out once, whole, and
 * what is sent meanwhile is kept.
 */

const project = testProject(56, 'erasure-kill');
const mark = 'zk3-rapunzel';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project]),
    env: {
      ARBOR_ERASURE_DELAY_SECONDS: '1',
      ARBOR_INDEX_SECONDS: '5',
      // Longer than zones take to follow while they are killed: the wait for it is to be seen, and somebody to die in it.
      ARBOR_ERASED_FILES_SECONDS: '25',
    },
  });
});
afterAll(async () => {
  await stack.stop();
});

const url = (path: string): string => `${stack.apiUrl}/api/v1/projects/${project.id}/${path}`;

const visit = (user: string, n: number) => ({
  event: 'Visit',
  properties: {
    token: project.token,
    distinct_id: user,
    time: Date.UTC(2026, 2, 1 + (n % 20), 12),
    $insert_id: `${user}-${n}`,
    note: `${user} was here`,
  },
});

const counts = (total: number) =>
  until(
    () => countEvents(stack.apiUrl, project, { event: 'Visit' }),
    (answer) => answer.total === total,
    { timeoutMs: 120_000 },
  );

const requestOf = (id: string) =>
  until(
    async () => {
      const response = await requestAsAdmin(url(`data-requests/${id}`));
      return (await response.json()) as { request?: DataRequest };
    },
    // The database may be away, too.
    (answer) => answer.request !== undefined,
  );

function kill(name: string): void {
  try {
    stack.kill(name, 'SIGKILL');
  } catch {
    // It was killed a moment ago, and is being started again.
  }
}

test('an erasure survives the death of everybody who takes part in it', async () => {
  const events = Array.from({ length: 60 }, (_, n) =>
    visit(n % 3 === 0 ? mark : `user-${n % 5}`, n),
  );
  await sendUntilAccepted(stack.apiUrl, events);
  await counts(60);
  const response = await requestAsAdmin(url('data-requests'), {
    body: { kind: 'erasure', distinctIds: [mark] },
  });
  const { request } = (await response.json()) as { request: DataRequest };

  const victims = [
    'jobs',
    'storage-a',
    'jobs',
    'storage-b',
    'jobs',
    'etl',
    'redis',
    'jobs',
    'postgres',
  ];
  const seen = new Set<string>();
  const killedAt = new Set<string>();
  let sent = 0;
  for (let round = 0; ; round++) {
    const answer = await requestOf(request.id);
    const { status, progress } = answer.request ?? request;
    seen.add(progress ?? status);
    if (status === 'SUCCESS') break;
    const victim = victims[round];
    if (victim !== undefined) kill(victim);
    // Whoever is at a step for the first time dies there.
    else if (progress !== null && !killedAt.has(progress)) kill('jobs');
    if (progress !== null) killedAt.add(progress);
    if (round < 20) await sendUntilAccepted(stack.apiUrl, [visit('meanwhile', sent++)]);
    await new Promise((resolve) => setTimeout(resolve, round < 20 ? 1500 : 100));
  }
  const { request: over } = await requestOf(request.id);
  expect(over?.receipt).toMatchObject({ events: 20, aliases: 1 });
  expect([...seen]).toContain('waiting until the replaced files are deleted');
  await counts(40 + sent);
  expect(findInFiles(stack.dataDir, [mark])).toEqual([]);
}, 500_000);
