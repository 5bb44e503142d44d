import type { FilterInput } from '@arbor/schema/query';
import type { BenchQuery } from './bench-query.ts';
import { lapsingBuyers } from './cohort-query.ts';
import {
  actives28,
  dailyVisitors,
  dailyVisitorsByCountry,
  eventsOfValuedPeople,
  eventsPerDay,
  oneDay,
} from './count-queries.ts';
import { longFunnel, shortFunnel } from './funnel-queries.ts';
import { pricesByItem } from './price-query.ts';
import { dailyRetentionByPlan, weeklyRetention } from './retention-queries.ts';

export const querySet: readonly BenchQuery[] = [
  eventsPerDay,
  dailyVisitors,
  dailyVisitorsByCountry,
  pricesByItem,
  shortFunnel,
  longFunnel,
  weeklyRetention,
  dailyRetentionByPlan,
  eventsOfValuedPeople,
  actives28,
  oneDay,
  lapsingBuyers,
];

/** One query as it is measured: as it stands, or with one more condition on every event. */
export interface Question {
  readonly name: string;
  readonly query: BenchQuery;
  readonly filters: readonly FilterInput[];
  readonly clickhouse: readonly string[];
  readonly duckdb: readonly string[];
}

/** What no structure kept at write time can foresee: about two thirds of the events pass. */
const condition: FilterInput = {
  type: 'property',
  property: { scope: 'event', name: '$browser' },
  operator: 'equals',
  values: ['Chrome', 'Safari'],
};
const conditionSql = "browser IN ('Chrome', 'Safari')";

export function plainQuestion(query: BenchQuery): Question {
  return {
    name: query.name,
    query,
    filters: [],
    clickhouse: query.clickhouse('bench.events'),
    duckdb: query.duckdb('events'),
  };
}

export function filteredQuestion(query: BenchQuery): Question {
  return {
    name: `${query.name}f`,
    query,
    filters: [condition],
    clickhouse: query.clickhouse(`(SELECT * FROM bench.events WHERE ${conditionSql})`),
    duckdb: query.duckdb(`(SELECT * FROM events WHERE ${conditionSql})`),
  };
}
