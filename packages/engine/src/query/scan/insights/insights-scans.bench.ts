import { bench, describe } from 'vitest';
import type { QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { syntheticSource } from '../../../../test/bench/synthetic-source.ts';
import { must } from '../../../base/assert.ts';
import { planQuery } from '../../plan/plan.ts';
import { createInsightsScans } from './create-insights-scans.ts';

/**
 * One thread over a million made-up rows of nine days: ms a run are ns a row. Run by hand:
 * `vitest bench insights-scans`.
 */
const source = syntheticSource({ rows: 1_000_000, days: 9 });

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;
type Question = Omit<InsightsInput, 'type' | 'range'>;

function run(question: Question, timezone: string): void {
  const range = { from: '2026-01-01', to: '2026-01-09' };
  const query = querySchema.parse({ type: 'insights', range, ...question });
  const plan = planQuery(query, { timezone, weekStart: 1, nowMs: Date.UTC(2027, 0, 1) });
  if (plan.type !== 'insights') return;
  const set = must(createInsightsScans(plan, source), 'fast scan');
  for (const scan of set.scans) {
    if (scan.unit === 'days') {
      for (const day of source.days) scan.addDay(day);
      continue;
    }
    for (let first = 1; first <= source.userCount; first += scan.usersMax) {
      const range = scan.open(first, Math.min(first + scan.usersMax, source.userCount + 1));
      range.add(source.days);
      range.close();
    }
  }
  set.finish();
}

const any = { anyOf: [{ event: null }] };
const price = { scope: 'event' as const, name: 'price' };
const filter = (
  name: string,
  operator: 'equals' | 'greater_than',
  value: string | number,
  scope: 'event' | 'person' = 'event',
) => ({ type: 'property' as const, property: { scope, name }, operator, values: [value] });
const by = (name: string, scope: 'event' | 'person' = 'event') => [{ property: { scope, name } }];

const total: Question['metrics'] = [{ selector: any, measure: { type: 'total' } }];
const unique: Question['metrics'] = [{ selector: any, measure: { type: 'unique' } }];

const questions: Record<string, Question> = {
  'total by event': { metrics: total, breakdowns: by('$event_name') },
  'total by event, one system': {
    metrics: total,
    breakdowns: by('$event_name'),
    filters: [filter('os', 'equals', 'os-1')],
  },
  'total by event, users who spent much': {
    metrics: total,
    breakdowns: by('$event_name'),
    filters: [filter('spent', 'greater_than', 100, 'person')],
  },
  'total by country': { metrics: total, breakdowns: by('country') },
  'total by the hour': { metrics: total, unit: 'hour' },
  'unique users': { metrics: unique },
  'unique users by country': { metrics: unique, breakdowns: by('country') },
  'unique users by item': { metrics: unique, breakdowns: by('item') },
  'unique users by plan': { metrics: unique, breakdowns: by('plan', 'person') },
  'unique users by the hour': { metrics: unique, unit: 'hour' },
  '28-day actives': { metrics: [{ selector: any, measure: { type: 'active', days: 28 } }] },
  'sum, average, median and total of price by item': {
    metrics: [
      { selector: any, measure: { type: 'sum', property: price } },
      { selector: any, measure: { type: 'average', property: price } },
      { selector: any, measure: { type: 'median', property: price } },
      ...total,
    ],
    breakdowns: by('item'),
    filters: [filter('country', 'equals', 'C-1'), filter('price', 'greater_than', 20)],
    unit: 'month',
  },
  'distinct items': {
    metrics: [
      { selector: any, measure: { type: 'distinct_count', property: { ...price, name: 'item' } } },
    ],
  },
};

for (const timezone of ['UTC', 'America/New_York']) {
  describe(`days of ${timezone}`, () => {
    for (const [name, question] of Object.entries(questions)) {
      bench(name, () => run(question, timezone));
    }
  });
}
