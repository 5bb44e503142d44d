import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { inParallel, sendUntilAccepted, type ClientEvent } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

const project = testProject(21, 'kill');
const eventCount = 200_000;
const userCount = 5_000;
const batchSize = 200;
/** Killed one after another, evenly over the way, so that each dies while events are under way. */
const victims = [
  ['storage-a', 'etl', 'redis', 'storage-b', 'api', 'postgres'],
  ['etl', 'storage-b', 'redis', 'etl', 'storage-a', 'api'],
].flat();

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
});
afterAll(async () => {
  await stack.stop();
});

function batches(): ClientEvent[][] {
  const start = Date.UTC(2026, 0, 1);
  const all: ClientEvent[][] = [];
  for (let first = 0; first < eventCount; first += batchSize) {
    all.push(
      Array.from({ length: batchSize }, (_, i) => ({
        event: 'Kill Test',
        properties: {
          token: project.token,
          distinct_id: `user-${(first + i) % userCount}`,
          time: start + (first + i) * 1000,
          $insert_id: `kill-${first + i}`,
          n: first + i,
        },
      })),
    );
  }
  return all;
}

test('SIGKILL of any process while events are sent loses none and doubles none', async () => {
  const all = batches();
  const killAt = new Map(
    victims.map((name, i) => [Math.floor(((i + 1) * all.length) / (victims.length + 1)), name]),
  );
  let repeats = 0;
  await inParallel(
    all,
    8,
    async (batch) => {
      const { tries } = await sendUntilAccepted(stack.apiUrl, batch);
      repeats += tries - 1;
    },
    (done) => {
      const victim = killAt.get(done);
      if (victim !== undefined) stack.kill(victim, 'SIGKILL');
    },
  );
  // If no request had to be repeated, nothing was killed while it mattered and the test proves nothing.
  expect(repeats).toBeGreaterThan(0);

  const exact = { total: eventCount, users: userCount };
  for (const zone of ['a', 'b']) {
    await until(
      () => countEvents(stack.apiUrl, project, { zone }),
      (answer) => answer.total >= eventCount,
      { timeoutMs: 120_000, everyMs: 250 },
    );
  }
  // Late redeliveries would show up after the first time the count is right.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  for (const zone of ['a', 'b']) {
    expect(await countEvents(stack.apiUrl, project, { zone }), `zone ${zone}`).toEqual(exact);
  }
});
