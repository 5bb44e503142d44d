import type { IngestBatch, IngestRecord } from '@arbor/schema/ingest';
import { beforeEach, expect, test, vi } from 'vitest';
import { BatchSender } from './batch-sender.ts';
import { MicroBatcher } from './micro-batcher.ts';

const bounds = { batchDelayMs: 8, batchRecordsMax: 10, batchBytesMax: 1000 };
const record = (name = 'Visit'): IngestRecord => ({
  kind: 'event',
  event: name,
  time: 0,
  distinctId: '',
  insertId: '',
  properties: {},
});
const records = (count: number): IngestRecord[] => Array.from({ length: count }, () => record());

let batches: IngestBatch[];
let answer: () => Promise<void>;
let nowMs: number;
let batcher: MicroBatcher;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  batches = [];
  answer = () => Promise.resolve();
  nowMs = 1000;
  const clock = (): number => nowMs;
  const producer = {
    add: (_queue: string, batch: IngestBatch): Promise<void> => {
      batches.push(batch);
      return answer();
    },
  };
  const sender = new BatchSender({ producer, clock, patienceMs: 0 });
  batcher = new MicroBatcher({ sender, clock, bounds });
  return () => vi.useRealTimers();
});

const submit = (count: number, options: { project?: number; bytes?: number } = {}): Promise<void> =>
  batcher.submit({ project: 1, source: 'track', bytes: 10, ...options, records: records(count) });

test('requests within the delay become one batch', async () => {
  const both = Promise.all([submit(2), submit(3)]);
  vi.advanceTimersByTime(7);
  expect(batches).toHaveLength(0);
  vi.advanceTimersByTime(1);
  await both;
  expect(batches.map(({ records: { length } }) => length)).toEqual([5]);
});

test('nobody is answered before the queue has the batch', async () => {
  let finish = (): void => {};
  answer = () => new Promise((resolve) => (finish = resolve));
  let answered = false;
  const done = submit(1).then(() => (answered = true));
  await vi.advanceTimersByTimeAsync(100);
  expect([batches.length, answered, batcher.waitingBytes]).toEqual([1, false, 10]);
  finish();
  await done;
  expect([answered, batcher.waitingBytes]).toEqual([true, 0]);
});

test('projects and sources never share a batch', async () => {
  void submit(1);
  void submit(1, { project: 2 });
  void batcher.submit({ project: 1, source: 'sdk', bytes: 10, records: records(1) });
  await vi.advanceTimersByTimeAsync(8);
  expect(batches.map(({ project, source }) => [project, source])).toEqual([
    [1, 'track'],
    [2, 'track'],
    [1, 'sdk'],
  ]);
});

test('a full batch goes at once, by records and by bytes', async () => {
  await submit(10);
  await submit(1, { bytes: 1001 });
  expect(batches).toHaveLength(2);
});

test('a request is never split: what does not fit any more begins the next batch', async () => {
  const first = submit(6);
  const second = submit(6);
  await vi.advanceTimersByTimeAsync(8);
  await Promise.all([first, second]);
  await submit(25);
  expect(batches.map(({ records: { length } }) => length)).toEqual([6, 6, 25]);
});

test('what comes while two batches are under way goes as one when the first of them is taken', async () => {
  const finish: (() => void)[] = [];
  answer = () => new Promise((resolve) => finish.push(resolve));
  const sent: Promise<void>[] = [];
  for (let i = 0; i < 5; i++) {
    sent.push(submit(1));
    await vi.advanceTimersByTimeAsync(8);
  }
  expect(batches.map(({ records: { length } }) => length)).toEqual([1, 1]);
  finish[0]?.();
  await sent[0];
  expect(batches.map(({ records: { length } }) => length)).toEqual([1, 1, 3]);
  // A full one goes all the same, and one that waited for long.
  sent.push(submit(10), submit(1));
  await vi.advanceTimersByTimeAsync(8);
  expect(batches.map(({ records: { length } }) => length)).toEqual([1, 1, 3, 10]);
  await vi.advanceTimersByTimeAsync(50);
  expect(batches.map(({ records: { length } }) => length)).toEqual([1, 1, 3, 10, 1]);
  for (const one of finish) one();
  await Promise.all(sent);
});

test('when Redis is away all callers of the batch are told so', async () => {
  answer = () => Promise.reject(new Error('redis is away'));
  const both = Promise.allSettled([submit(1), submit(1)]);
  await vi.advanceTimersByTimeAsync(8);
  const failure = { code: 'UNAVAILABLE', retryAfterSeconds: 2 };
  expect(await both).toMatchObject([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
  ]);
  expect(batcher.waitingBytes).toBe(0);
});

test('drain sends what waits, and later submissions at once', async () => {
  const waiting = submit(1);
  await batcher.drain();
  await waiting;
  await submit(1);
  expect(batches).toHaveLength(2);
});

test('sequence and batch id grow even if the clock is set back', async () => {
  await submit(10);
  nowMs = 500;
  await submit(10);
  nowMs = 2000;
  await submit(10);
  expect(batches.map(({ sequence }) => sequence)).toEqual([1_000_000, 1_000_001, 2_000_000]);
  expect(new Set(batches.map(({ batchId }) => batchId)).size).toBe(3);
});
