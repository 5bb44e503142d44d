import { expect, test } from 'vitest';
import { createProjectMoves, type KnownMoves } from './project-moves.ts';

const signal = new AbortController().signal;
const move = (loser: string, shard: number, state: 'pending' | 'copied' = 'copied') => ({
  loser,
  shard,
  state,
});

test('waits until nobody is on his way, each time a little longer, and says who lies elsewhere by now', async () => {
  const known: KnownMoves[] = [
    ...Array.from({ length: 5 }, () => ({ epoch: 8, unfinished: [move('a', 1, 'pending')] })),
    { epoch: 9, unfinished: [move('a', 1), move('b', 2), move('c', 1), move('a', 1)] },
  ];
  const pauses: number[] = [];
  const moves = createProjectMoves({
    read: () => Promise.resolve(known.shift() ?? { epoch: 0, unfinished: [] }),
    pause: (ms) => Promise.resolve(pauses.push(ms)),
  });
  expect(await moves.settled({ id: 7, spread: 4 }, signal)).toEqual({
    epoch: 9,
    leftOut: [
      { shard: 1, users: ['a', 'c'] },
      { shard: 2, users: ['b'] },
    ],
  });
  expect(pauses).toEqual([20, 40, 80, 160, 200]);
});

test('does not look where a project lies on one shard', async () => {
  const moves = createProjectMoves({ read: () => Promise.reject(new Error('was read')) });
  expect(await moves.settled({ id: 7, spread: 1 }, signal)).toBeUndefined();
});

test('stops waiting with whoever asked', async () => {
  const left = new AbortController();
  const moves = createProjectMoves({
    read: () => Promise.resolve({ epoch: 1, unfinished: [move('a', 1, 'pending')] }),
    pause: () => Promise.resolve(left.abort(new Error('went away'))),
  });
  await expect(moves.settled({ id: 7, spread: 2 }, left.signal)).rejects.toThrow('went away');
});
