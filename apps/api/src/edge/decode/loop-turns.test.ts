import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LoopTurns } from './loop-turns.ts';

test('one goes on a turn of the loop, in order, and others get theirs between', async () => {
  const turns = new LoopTurns();
  const done: string[] = [];
  const large = [1, 2, 3].map(async (n) => {
    await turns.next();
    done.push(`large ${n}`);
  });
  const small = (async () => {
    for (const n of [1, 2, 3]) {
      await turn();
      done.push(`small ${n}`);
    }
  })();
  await Promise.all([...large, small]);
  expect(done).toEqual(['large 1', 'small 1', 'large 2', 'small 2', 'large 3', 'small 3']);
  await turns.next();
});
