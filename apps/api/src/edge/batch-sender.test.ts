import type { IngestBatch } from '@arbor/schema/ingest';
import { expect, test } from 'vitest';
import { BatchSender, type BatchContent } from './batch-sender.ts';

const clock = (): number => 1000;
const content = (): BatchContent => ({
  queue: 'live',
  project: 1,
  source: 'track',
  receivedAt: 1000,
  records: [
    { kind: 'event', event: 'Visit', time: 0, distinctId: '', insertId: '', properties: {} },
  ],
});

test('a batch whose answer was lost is offered again under the same id', async () => {
  const offered: IngestBatch[] = [];
  const producer = {
    add: (_queue: string, batch: IngestBatch): Promise<void> => {
      offered.push(structuredClone(batch));
      return offered.length < 3 ? Promise.reject(new Error('connection lost')) : Promise.resolve();
    },
  };
  await new BatchSender({ producer, clock, patienceMs: 5000 }).send(content());
  expect(offered).toHaveLength(3);
  expect(offered[1]).toEqual(offered[0]);
  expect(offered[2]).toEqual(offered[0]);
});

test('patience ends with the reason as cause', async () => {
  const cause = new Error('redis is away');
  const producer = { add: (): Promise<void> => Promise.reject(cause) };
  const sender = new BatchSender({ producer, clock, patienceMs: 150 });
  await expect(sender.send(content())).rejects.toMatchObject({
    name: 'EdgeFailure',
    code: 'UNAVAILABLE',
    cause,
  });
});

test('two processes, or one before and after a restart, never make the same ids', async () => {
  const ids: string[] = [];
  const producer = {
    add: (_queue: string, batch: IngestBatch): Promise<void> => {
      ids.push(batch.batchId);
      return Promise.resolve();
    },
  };
  await new BatchSender({ producer, clock, patienceMs: 0 }).send(content());
  await new BatchSender({ producer, clock, patienceMs: 0 }).send(content());
  expect(ids[0]).not.toBe(ids[1]);
  // A queue refuses job ids with a colon, and takes all-digit ones for its own.
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+-[a-z0-9]+$/);
});
