import type { Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { expect, test } from 'vitest';
import { profileOf } from './user-profile.ts';

type Insights = Extract<QueryResult, { type: 'insights' }>;
type Series = Insights['series'][number];

const all: Series = { metric: 0, segment: null, values: [0], total: 5 };
const noEvents: Insights = {
  type: 'insights',
  buckets: [],
  series: [all],
  segmentCounts: [],
} as unknown as Insights;

function combined(total: number, ...texts: readonly (string | null)[]): Series {
  const parts = texts.map((text) =>
    text === null
      ? { type: 'not_set' as const, text: '(not set)' }
      : { type: 'string' as const, text },
  );
  const segment = { type: 'combination' as const, text: '', parts };
  return { metric: 0, segment, values: [total], total };
}

test('tells with which devices a user came, and nothing of events that name none', async () => {
  const series = [
    all,
    combined(3, 'Chrome', 'Android', 'Pixel 8'),
    combined(1, 'Firefox', 'Linux', null),
    combined(1, null, null, null),
    { metric: 0, segment: { type: 'other' as const, text: '2 more' }, values: [2], total: 2 },
  ];
  const run = ({ query }: { readonly query: Query }) => {
    const isOfDevices = query.type === 'insights' && query.breakdowns.length === 3;
    const result = isOfDevices ? { ...noEvents, series } : noEvents;
    return Promise.resolve({ result });
  };
  const project = { id: 1 } as Parameters<typeof profileOf>[1]['project'];
  const { signal } = new AbortController();
  const queries = { run } as unknown as Parameters<typeof profileOf>[0];
  const { devices } = await profileOf(queries, { project, user: 'ann', signal }, undefined);
  expect(devices).toEqual([
    { browser: 'Chrome', os: 'Android', device: 'Pixel 8', count: 3 },
    { browser: 'Firefox', os: 'Linux', device: null, count: 1 },
  ]);
});
