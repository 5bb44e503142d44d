import { decodeRowBatch, encodeRowBatch } from '@arbor/engine/batch';
import { EngineError } from '@arbor/engine/errors';
import { NewerJobError, PoisonError } from '@arbor/queue/errors';
import { expect, it } from 'vitest';
import { createStoreBatch } from './store-batch.ts';

const bytes = encodeRowBatch({
  batchId: 'store-batch-3',
  project: 1,
  shard: 3,
  sequence: 1,
  receivedAt: 0,
  events: [],
  persons: [],
  links: [],
});
const text = Buffer.from(bytes).toString('base64');

it('appends the bytes of a job to its shard', async () => {
  const appended: Uint8Array[] = [];
  const storeBatch = createStoreBatch(3, {
    append: async (given) => (appended.push(given), 'stored'),
  });
  await storeBatch(text);
  expect(appended.map((given) => [...given])).toEqual([[...bytes]]);
});

it('takes bytes that can never be stored for poison', async () => {
  const storeBatch = createStoreBatch(3, { append: async () => 'stored' });
  await expect(storeBatch(undefined)).rejects.toThrow(PoisonError);
  await expect(storeBatch('AAAA')).rejects.toThrow(PoisonError);
  const otherShard = createStoreBatch(4, { append: async () => 'stored' });
  await expect(otherShard(text)).rejects.toThrow('batch store-batch-3 is of shard 3, not 4');
});

it('leaves bytes of a newer version to a process that can read them', async () => {
  const storeBatch = createStoreBatch(3, {
    append: async () => {
      throw new EngineError('UNSUPPORTED_VERSION', 'row batch: version 2 is newer than 1');
    },
  });
  await expect(storeBatch(text)).rejects.toThrow(NewerJobError);
});

it('lets a full disk be tried again', async () => {
  const failure = new EngineError('LOG_WRITE_FAILED', 'no space left');
  const storeBatch = createStoreBatch(3, {
    append: async () => {
      throw failure;
    },
  });
  await expect(storeBatch(text)).rejects.toBe(failure);
});

it('appends every batch of a job that has several, and is told of each before', async () => {
  const told: string[] = [];
  const other = encodeRowBatch({ ...decodeRowBatch(bytes), batchId: 'store-batch-4' });
  const storeBatch = createStoreBatch(
    3,
    { append: async (given) => (told.push(`append ${given.length}`), 'stored') },
    ({ batchId }) => told.push(batchId),
  );
  await storeBatch(`${text},${Buffer.from(other).toString('base64')}`);
  expect(told).toEqual([
    'store-batch-3',
    `append ${bytes.length}`,
    'store-batch-4',
    `append ${other.length}`,
  ]);
});

it('tries a job again that has poison and a batch that could not be stored', async () => {
  const failure = new EngineError('LOG_WRITE_FAILED', 'no space left');
  const storeBatch = createStoreBatch(3, {
    append: async () => {
      throw failure;
    },
  });
  await expect(storeBatch(`AAAA,${text}`)).rejects.toBe(failure);
});
