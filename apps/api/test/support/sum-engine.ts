import { EngineError } from '@arbor/engine/errors';
import type { Query } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { QueryEngine, QueryStep } from '../../src/dqs/ports.ts';

/**
 * Adds numbers: shows what was merged without knowing anything of queries. With `otherSegment` it asks a
 * second time, and counts those answers a hundredfold. With `compare` it asks twice side by side, then once
 * more, and adds all up. With `groupKey` it wants all shards together.
 */
export const sumEngine: QueryEngine = {
  compose: (query) => {
    if (query.type !== 'insights' || query.compare === undefined) return ask([query], answered);
    return ask([query, query], (both) => ask([query], (last) => answered([...both, ...last])));
  },
  plan: (query) => {
    if ('range' in query && query.range.from > query.range.to) {
      throw new EngineError('INVALID_QUERY', 'the range ends before it begins');
    }
    return {
      again: query.type === 'insights' && query.otherSegment,
      together: query.type === 'insights' && query.groupKey !== undefined,
    };
  },
  isTogether: (plan) => (plan as { together?: boolean }).together === true,
  followUp: (plan) => ((plan as { again: boolean }).again ? { again: false } : null),
  merge: (_plan, partials, followUp = []) => resultOf(sumOf(partials) + 100 * sumOf(followUp)),
};

type Next = Extract<QueryStep, { type: 'ask' }>['next'];
const ask = (queries: readonly Query[], next: Next): QueryStep => ({ type: 'ask', queries, next });

function answered(results: readonly QueryResult[]): QueryStep {
  const total = results.reduce((sum, result) => sum + (totalOf(result) ?? 0), 0);
  return { type: 'answer', result: resultOf(total) };
}

function resultOf(total: number): QueryResult {
  const series = [{ metric: 0, segment: null, values: [], total }];
  return { type: 'insights', buckets: [], series, segmentCounts: [0] };
}

function sumOf(partials: readonly unknown[]): number {
  return partials.reduce<number>((sum, partial) => sum + Number(partial), 0);
}

export function totalOf(result: QueryResult): number | null {
  return result.type === 'insights' ? (result.series[0]?.total ?? null) : null;
}

export const anyQuery: Query = querySchema.parse({
  type: 'insights',
  range: { from: '2024-01-01', to: '2024-01-31' },
  metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
});
