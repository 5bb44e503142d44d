import type { QueryAnswer, QueryUpdate } from '@arbor/schema/result';
import { expect, test } from 'vitest';
import { anyQuery } from '../../test/support/sum-engine.ts';
import type { QueryService } from './ports.ts';
import { streamQuery } from './stream-query.ts';

const answer: QueryAnswer = {
  result: { type: 'insights', buckets: [], series: [], segmentCounts: [] },
  info: { serverTimeMs: 1, rowsScanned: 1, shards: 1, zones: ['a'], timezone: 'UTC' },
};
const request = {
  project: {
    id: 1,
    timezone: 'UTC',
    weekStart: 1,
    quarterStart: 1,
    spread: 1,
    definitionsVersion: 0,
  },
  query: anyQuery,
  signal: new AbortController().signal,
};

async function collect(queries: QueryService): Promise<QueryUpdate[]> {
  const updates: QueryUpdate[] = [];
  for await (const update of streamQuery(queries, request)) updates.push(update);
  return updates;
}

test('ends with the result, after the newest progress', async () => {
  const updates = await collect({
    run: ({ onUpdate }) => {
      for (const done of [0, 1, 2]) onUpdate?.({ type: 'progress', done, total: 2 });
      return Promise.resolve(answer);
    },
  });
  expect(updates).toEqual([
    { type: 'progress', done: 2, total: 2 },
    { type: 'result', answer },
  ]);
});

test('passes updates on while the query runs', async () => {
  let finish = (): void => undefined;
  const updates: QueryUpdate[] = [];
  const stream = streamQuery(
    {
      run: async ({ onUpdate }) => {
        onUpdate?.({ type: 'partial', answer });
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return answer;
      },
    },
    request,
  );
  for await (const update of stream) {
    updates.push(update);
    finish();
  }
  expect(updates.map(({ type }) => type)).toEqual(['partial', 'result']);
});

test('fails as the query fails', async () => {
  const queries = { run: () => Promise.reject(new Error('no replica')) };
  await expect(collect(queries)).rejects.toThrow('no replica');
});

test('cancels the query when its reader leaves', async () => {
  let cancelled: AbortSignal | undefined;
  const stream = streamQuery(
    {
      run: ({ onUpdate, signal }) => {
        cancelled = signal;
        onUpdate?.({ type: 'progress', done: 0, total: 1 });
        return new Promise(() => undefined);
      },
    },
    request,
  );
  await stream.next();
  await stream.return(undefined);
  expect(cancelled?.aborted).toBe(true);
});
