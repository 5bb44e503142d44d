import { encodeRowBatch } from '@arbor/engine/batch';
import { EngineError } from '@arbor/engine/errors';
import { PoisonError } from '@arbor/queue/errors';
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

it('lets a full disk be tried again', async () => {
  const failure = new EngineError('LOG_WRITE_FAILED', 'no space left');
  const storeBatch = createStoreBatch(3, {
    append: async () => {
      throw failure;
    },
  });
  await expect(storeBatch(text)).rejects.toBe(failure);
});
