import { movesByState } from '@arbor/local-stack/testing/moves-left';
import { startTestStack } from '@arbor/local-stack/testing/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  join,
  joinedBy,
  loadPairs,
  makeNoise,
  movingProject,
  type MovingWorld,
  pairCount,
  Watch,
} from '../support/moving-users.ts';
import { bootstrapOf } from '../support/project.ts';
import { until } from '../support/wait.ts';

let world: MovingWorld;
beforeAll(async () => {
  const project = movingProject(63, 'moves-kill');
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

test('kill -9 of any process while users move never makes a report wrong', async ({ annotate }) => {
  const { all, total } = await loadPairs(world);
  const watch = new Watch(world, { total, mayFail: true });
  const noise = makeNoise(world);
  const victims = ['storage-a', 'storage-b', 'etl', 'storage-b', 'storage-a', 'storage-a'];
  for (const [n, pair] of all.entries()) {
    watch.requested++;
    // A few milliseconds more each time, so that a process dies at another step of the move.
    const victim = victims[n % victims.length] ?? '';
    const dies = new Promise<void>((resolve) =>
      setTimeout(() => {
        if (n % 3 === 0) world.stack.kill(victim, 'SIGKILL');
        resolve();
      }, n * 15),
    );
    await until(
      () => join(world, pair).then(() => true),
      () => true,
      { timeoutMs: 60_000, everyMs: 200 },
    );
    watch.joined++;
    await dies;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await until(
    async () => {
      watch.check();
      return movesByState(world.stack.run());
    },
    (states) => states.get('done') === pairCount,
    { timeoutMs: 300_000, everyMs: 1000 },
  );
  await noise.stop();
  await watch.stop();
  await annotate(JSON.stringify(watch.said()));
  expect(await joinedBy(world, 'insights', total)).toBe(pairCount);
}, 900_000);
