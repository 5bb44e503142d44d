import { movesByState } from '@arbor/local-stack/testing/moves-left';
import { startTestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  heavyEvents,
  join,
  joinedBy,
  loadPairs,
  makeNoise,
  movingProject,
  noiseRange,
  type MovingWorld,
  pairCount,
  patience,
  Watch,
} from '../support/moving-users.ts';
import { bootstrapOf, countEvents } from '../support/project.ts';
import { until } from '../support/wait.ts';

let world: MovingWorld;
beforeAll(async () => {
  const project = movingProject(61, 'moves');
  const stack = await startTestStack({
    web: false,
    demo: false,
    bootstrap: bootstrapOf([project]),
  });
  world = { stack, project };
});
afterAll(async () => {
  await world.stack.stop();
});

test('reports are right at every moment while users move between shards and events arrive', async ({
  annotate,
}) => {
  const { all, total } = await loadPairs(world);
  // Queries wait while a user is copied: of a million events longer than they may on a busy machine.
  const watch = new Watch(world, { total, mayFail: heavyEvents > 200_000 });
  const noise = makeNoise(world);
  for (const pair of all) {
    watch.check();
    watch.requested++;
    await join(world, pair);
    watch.joined++;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await until(
    async () => {
      watch.check();
      return movesByState(world.stack.run());
    },
    (states) => states.get('done') === pairCount,
    { timeoutMs: patience * 240_000, everyMs: 1000 },
  );
  const sent = await noise.stop();
  await watch.stop();
  expect(watch.answers).toBeGreaterThan(100);
  await annotate(JSON.stringify({ ...watch.said(), noise: sent }));
  // Nothing of what arrived meanwhile is missing or doubled.
  for (const zone of ['a', 'b']) {
    await until(
      () => countEvents(world.stack.apiUrl, world.project, { event: 'Noise', ...noiseRange, zone }),
      ({ total: stored }) => stored >= sent.events,
    );
    const noise = { event: 'Noise', ...noiseRange, zone };
    const counted = await countEvents(world.stack.apiUrl, world.project, noise);
    expect(counted).toEqual({ total: sent.events, users: sent.users });
  }
  expect(await joinedBy(world, 'funnel', total)).toBe(pairCount);
  // What is waited for has bounds of its own; this is more than a million events may take.
}, 3_000_000);
