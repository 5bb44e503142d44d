import { expect, it } from 'vitest';
import { LoadQueue } from './load-queue.ts';

const mb = 2 ** 20;

function queueOf(sizes: readonly number[]): LoadQueue<number> {
  const queue = new LoadQueue<number>((size) => size);
  queue.putFirst(sizes);
  return queue;
}

function batchesOf(queue: LoadQueue<number>): number[][] {
  const batches: number[][] = [];
  while (!queue.isEmpty) batches.push(queue.takeBatch());
  return batches;
}

it('gives every task once, in order', () => {
  const sizes = Array.from({ length: 100 }, (_, i) => 1000 + i);
  expect(batchesOf(queueOf(sizes)).flat()).toEqual(sizes);
});

it('puts later tasks before those that wait', () => {
  const queue = queueOf([3, 4]);
  queue.putFirst([1, 2]);
  expect(queue.tasks).toEqual([1, 2, 3, 4]);
});

it('gives less and less, so that threads end together', () => {
  const counts = batchesOf(queueOf(Array.from({ length: 64 }, () => 1000))).map(
    (one) => one.length,
  );
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  expect(counts[0]).toBe(8);
  expect(counts.at(-1)).toBe(1);
});

it('gives large tasks alone', () => {
  expect(batchesOf(queueOf([5 * mb, 5 * mb, mb]))).toEqual([[5 * mb], [5 * mb], [mb]]);
});

it('bounds the room of a batch', () => {
  const sizes = Array.from({ length: 1000 }, () => mb);
  const most = Math.max(...batchesOf(queueOf(sizes)).map((one) => one.length));
  expect(most).toBe(4);
});

it('gives tasks that need no room one by one', () => {
  expect(batchesOf(queueOf([0, 0]))).toEqual([[0], [0]]);
});

it('has nothing to give when it is empty', () => {
  expect(queueOf([]).takeBatch()).toEqual([]);
});
