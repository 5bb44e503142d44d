import { beforeAll, describe, expect, test } from 'vitest';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { ask } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { hasDataSets, loadDataSet } from './load-data-set.ts';
import type { AnswerRow, DataSet } from './load-data-set.ts';
import {
  days,
  eventBuckets,
  eventProperty,
  measures,
  only,
  person,
  round,
  segmentsOf,
  totalOf,
  totals,
  weeklyRetention,
} from './questions.ts';

const shardCount = 4;

interface Loaded extends DataSet {
  readonly views: readonly ShardView[];
}

function load(name: string): Loaded {
  const dataSet = loadDataSet(name);
  return { ...dataSet, views: buildViews(dataSet.world, shardCount) };
}

function eventsOf(rows: readonly AnswerRow[]): string[] {
  return [...new Set(rows.map((row) => row['event']))].filter((event) => typeof event === 'string');
}

// The data lies beside the repository, not in it: where it is missing there is nothing to compare.
describe.runIf(hasDataSets)('deskdrop: reference answers', () => {
  let data: Loaded;
  beforeAll(() => {
    data = load('deskdrop');
  }, 60_000);
  const range = { from: '2016-03-14', to: '2017-02-28' };

  test('totals and uniques per event', () => {
    const expected = data.answer('totals');
    expect(totals(data.views, range, eventsOf(expected))).toEqual(expected);
  });

  test.each(['dau-first-14-days', 'dau-14-days'])('%s', (id) => {
    expect(days(data.views, data.answer(id))).toEqual(data.answer(id));
  });

  test('totals and uniques by week', () => {
    const weeks = { from: '2016-03-14', to: '2016-05-08' };
    const expected = data.answer('events-by-week');
    const events = eventsOf(expected).toSorted();
    const question = { range: weeks, unit: 'week' as const, events };
    expect(eventBuckets(data.views, question)).toEqual(expected);
  });

  test('funnel viewed, liked, bookmarked with times to convert', () => {
    const { steps } = ask(data.views, {
      type: 'funnel',
      range,
      steps: ['Article Viewed', 'Article Liked', 'Article Bookmarked'].map(only),
    });
    const [expected] = data.answer('funnel-view-like-bookmark');
    expect(steps.map(({ count }) => count)).toEqual([
      expected['step1'],
      expected['step2'],
      expected['step3'],
    ]);
    expect(steps[2].averageFromEntryMs).toBeCloseTo(Number(expected['avg_ttc_ms']), 3);
    expect(steps[2].medianFromEntryMs).toBe(expected['median_ttc_ms']);
  });

  test('weekly rolling retention', () => {
    const question = { range, birth: only(null), return: only(null) };
    const expected = data.answer('weekly-retention-rolling');
    expect(weeklyRetention(data.views, question).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten articles with the most views', () => {
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: measures(only('Article Viewed')),
      breakdowns: eventProperty('content_id'),
      segmentsMax: 3000,
    });
    const actual = segmentsOf(result, 0)
      .slice(0, 10)
      .map(({ segment, total }) => ({
        content_id: segment?.text,
        total,
        uniques: totalOf(result, 1, segment?.text ?? null),
      }));
    expect(actual).toEqual(data.answer('top-content'));
  });

  test('uniques and totals by the person property home_country', () => {
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: measures(only(null)),
      breakdowns: person('home_country'),
    });
    const actual = segmentsOf(result, 1).map(({ segment, total }) => ({
      home_country: segment?.text,
      uniques: total,
      total: totalOf(result, 0, segment?.text ?? null),
    }));
    expect(actual).toEqual(data.answer('uniques-by-home-country'));
    expect(result.segmentCounts).toEqual([7, 7]);
  });
});

describe.runIf(hasDataSets)('online-retail: reference answers', () => {
  let data: Loaded;
  beforeAll(() => {
    data = load('online-retail');
  }, 60_000);
  const range = { from: '2010-12-01', to: '2011-12-09' };
  const amount = { scope: 'event' as const, name: 'amount' };

  test('totals and uniques per event', () => {
    const expected = data.answer('totals');
    expect(totals(data.views, range, eventsOf(expected))).toEqual(expected);
  });

  test('daily active users of the first 14 days', () => {
    const expected = data.answer('dau-first-14-days');
    expect(days(data.views, expected)).toEqual(expected);
  });

  test('orders by month with their amount', () => {
    const { buckets, series } = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: measures(only('Order Placed'), { type: 'sum', property: amount }),
    });
    const actual = buckets.map(({ start }, bucket) => ({
      month: start.slice(0, 7),
      total: series[0].values[bucket],
      uniques: series[1].values[bucket],
      amount_sum: round(series[2].values[bucket]),
    }));
    expect(actual).toEqual(data.answer('orders-by-month'));
  });

  test('funnel order, cancel, order again: one event is one step', () => {
    const { steps } = ask(data.views, {
      type: 'funnel',
      range,
      steps: ['Order Placed', 'Order Cancelled', 'Order Placed'].map(only),
    });
    const [expected] = data.answer('funnel-order-cancel-reorder');
    expect(steps.map(({ count }) => count)).toEqual([
      expected['step1'],
      expected['step2'],
      expected['step3'],
    ]);
    expect(steps[2].averageFromEntryMs).toBeCloseTo(Number(expected['avg_ttc_ms']), 3);
    expect(steps[2].medianFromEntryMs).toBe(expected['median_ttc_ms']);
  });

  test('the ten countries with the largest amount', () => {
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: [
        ...measures(only('Order Placed'), { type: 'sum', property: amount }),
        { selector: only('Order Placed'), measure: { type: 'average', property: amount } },
      ],
      breakdowns: eventProperty('country'),
    });
    const actual = segmentsOf(result, 2)
      .slice(0, 10)
      .map(({ segment, total }) => ({
        country: segment?.text,
        total: totalOf(result, 0, segment?.text ?? null),
        amount_sum: round(total),
        amount_avg: Number(totalOf(result, 3, segment?.text ?? null)?.toFixed(6)),
      }));
    expect(actual).toEqual(data.answer('order-amount-by-country'));
  });

  test('weekly rolling retention of orders', () => {
    const question = { range, birth: only('Order Placed'), return: only('Order Placed') };
    const expected = data.answer('weekly-retention-rolling');
    expect(weeklyRetention(data.views, question).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten products bought most often', () => {
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: measures(only('Product Purchased'), {
        type: 'sum',
        property: { scope: 'event', name: 'quantity' },
      }),
      breakdowns: eventProperty('product_id'),
      segmentsMax: 3000,
    });
    const actual = segmentsOf(result, 0)
      .slice(0, 10)
      .map(({ segment, total }) => ({
        product_id: segment?.text,
        total,
        uniques: totalOf(result, 1, segment?.text ?? null),
        quantity_sum: totalOf(result, 2, segment?.text ?? null),
      }));
    expect(actual).toEqual(data.answer('top-products'));
  });
});

describe.runIf(hasDataSets)('megaline: reference answers', () => {
  let data: Loaded;
  beforeAll(() => {
    data = load('megaline');
  }, 60_000);
  const range = { from: '2018-01-01', to: '2018-12-31' };

  test('totals and uniques per event', () => {
    const expected = data.answer('totals');
    expect(totals(data.views, range, eventsOf(expected))).toEqual(expected);
  });

  test.each(['dau-first-14-days', 'dau-last-14-days'])('%s', (id) => {
    expect(days(data.views, data.answer(id))).toEqual(data.answer(id));
  });

  test('totals and uniques by month', () => {
    const expected = data.answer('events-by-month');
    const events = eventsOf(expected).toSorted();
    const question = { range, unit: 'month' as const, events };
    expect(eventBuckets(data.views, question)).toEqual(expected);
  });

  test('funnel by plan, where every time is midnight and windows end on a tie', () => {
    const { segments } = ask(data.views, {
      type: 'funnel',
      range,
      steps: ['Plan Subscribed', 'Call Made', 'Internet Session'].map(only),
      breakdowns: person('plan'),
    });
    const actual = segments.map(({ segment, steps }) => ({
      segment: segment.text,
      step1: steps[0].count,
      step2: steps[1].count,
      step3: steps[2].count,
      avg_ttc_ms: Number(steps[2].averageFromEntryMs?.toFixed(6)),
      median_ttc_ms: steps[2].medianFromEntryMs,
    }));
    expect(actual).toEqual(data.answer('funnel-subscribe-call-internet'));
  });

  test('minutes of answered calls by plan', () => {
    const property = { scope: 'event' as const, name: 'duration_min' };
    const selector = {
      anyOf: [
        {
          event: 'Call Made',
          filters: [
            {
              type: 'property' as const,
              property: { scope: 'event' as const, name: 'answered' },
              operator: 'is_true' as const,
              values: [],
            },
          ],
        },
      ],
    };
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: [
        { selector, measure: { type: 'total' } },
        { selector, measure: { type: 'sum', property } },
        { selector, measure: { type: 'average', property } },
      ],
      breakdowns: person('plan'),
    });
    const actual = segmentsOf(result, 0).map(({ segment, total }) => ({
      plan: segment?.text,
      total,
      duration_sum: round(totalOf(result, 1, segment?.text ?? null)),
      duration_avg: Number(totalOf(result, 2, segment?.text ?? null)?.toFixed(6)),
    }));
    expect(actual).toEqual(data.answer('call-minutes-by-plan'));
  });

  test('weekly rolling retention of any usage', () => {
    const events = ['Call Made', 'Message Sent', 'Internet Session'];
    const usage = { anyOf: events.map((event) => ({ event, filters: [] })) };
    const question = { range, birth: only('Plan Subscribed'), return: usage };
    const expected = data.answer('weekly-retention-rolling');
    expect(weeklyRetention(data.views, question).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten cities with the most users online', () => {
    const result = ask(data.views, {
      type: 'insights',
      range,
      unit: 'month',
      metrics: measures(only('Internet Session'), {
        type: 'sum',
        property: { scope: 'event', name: 'mb_used' },
      }),
      breakdowns: person('city'),
    });
    const actual = segmentsOf(result, 1)
      .slice(0, 10)
      .map(({ segment, total }) => ({
        city: segment?.text,
        uniques: total,
        total: totalOf(result, 0, segment?.text ?? null),
        mb_used_sum: round(totalOf(result, 2, segment?.text ?? null)),
      }));
    expect(actual).toEqual(data.answer('top-cities'));
  });
});
