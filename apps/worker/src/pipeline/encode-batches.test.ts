import { decodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { expect, it } from 'vitest';
import { encodeBatches } from './encode-batches.ts';

const batch: RowBatch = {
  batchId: 'batch-1-3',
  project: 1,
  shard: 3,
  sequence: 7,
  receivedAt: 9,
  events: [],
  persons: [],
  links: [{ loser: 'b', winner: 'a' }],
};

it('gives what is made of a job the time of that job', () => {
  const [made] = encodeBatches([batch], 500);
  expect(made).toMatchObject({ batchId: 'batch-1-3', shard: 3, queuedAt: 500 });
  expect(decodeRowBatch(made?.bytes ?? new Uint8Array(0))).toEqual(batch);
  expect(encodeBatches([batch])[0]).not.toHaveProperty('queuedAt');
});
