import { expect, test } from 'vitest';
import { dataSetAnswers } from './load-data-set.ts';
import type { AnswerRow } from './load-data-set.ts';
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
  type Asker,
} from './questions.ts';

/*
 * Every question of the public data sets that the query language can ask, as tests against their
 * reference answers. `ask` is called inside the tests, so the data may be loaded in a hook.
 */

function eventsOf(rows: readonly AnswerRow[]): string[] {
  return [...new Set(rows.map((row) => row['event']))].filter((event) => typeof event === 'string');
}

export function deskdropTests(ask: Asker): void {
  const answer = dataSetAnswers('deskdrop');
  const range = { from: '2016-03-14', to: '2017-02-28' };

  test('totals and uniques per event', async () => {
    const expected = answer('totals');
    expect(await totals(ask, range, eventsOf(expected))).toEqual(expected);
  });

  test.each(['dau-first-14-days', 'dau-14-days'])('%s', async (id) => {
    expect(await days(ask, answer(id))).toEqual(answer(id));
  });

  test('totals and uniques by week', async () => {
    const weeks = { from: '2016-03-14', to: '2016-05-08' };
    const expected = answer('events-by-week');
    const events = eventsOf(expected).toSorted();
    const question = { range: weeks, unit: 'week' as const, events };
    expect(await eventBuckets(ask, question)).toEqual(expected);
  });

  test('funnel viewed, liked, bookmarked with times to convert', async () => {
    const { steps } = await ask({
      type: 'funnel',
      range,
      steps: ['Article Viewed', 'Article Liked', 'Article Bookmarked'].map(only),
    });
    const [expected] = answer('funnel-view-like-bookmark');
    expect(steps.map(({ count }) => count)).toEqual([
      expected['step1'],
      expected['step2'],
      expected['step3'],
    ]);
    expect(steps[2].averageFromEntryMs).toBeCloseTo(Number(expected['avg_ttc_ms']), 3);
    expect(steps[2].medianFromEntryMs).toBe(expected['median_ttc_ms']);
  });

  test('weekly rolling retention', async () => {
    const question = { range, birth: only(null), return: only(null) };
    const expected = answer('weekly-retention-rolling');
    expect((await weeklyRetention(ask, question)).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten articles with the most views', async () => {
    const result = await ask({
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
    expect(actual).toEqual(answer('top-content'));
  });

  test('uniques and totals by the person property home_country', async () => {
    const result = await ask({
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
    expect(actual).toEqual(answer('uniques-by-home-country'));
    expect(result.segmentCounts).toEqual([7, 7]);
  });
}

export function onlineRetailTests(ask: Asker): void {
  const answer = dataSetAnswers('online-retail');
  const range = { from: '2010-12-01', to: '2011-12-09' };
  const amount = { scope: 'event' as const, name: 'amount' };

  test('totals and uniques per event', async () => {
    const expected = answer('totals');
    expect(await totals(ask, range, eventsOf(expected))).toEqual(expected);
  });

  test('daily active users of the first 14 days', async () => {
    const expected = answer('dau-first-14-days');
    expect(await days(ask, expected)).toEqual(expected);
  });

  test('orders by month with their amount', async () => {
    const { buckets, series } = await ask({
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
    expect(actual).toEqual(answer('orders-by-month'));
  });

  test('funnel order, cancel, order again: one event is one step', async () => {
    const { steps } = await ask({
      type: 'funnel',
      range,
      steps: ['Order Placed', 'Order Cancelled', 'Order Placed'].map(only),
    });
    const [expected] = answer('funnel-order-cancel-reorder');
    expect(steps.map(({ count }) => count)).toEqual([
      expected['step1'],
      expected['step2'],
      expected['step3'],
    ]);
    expect(steps[2].averageFromEntryMs).toBeCloseTo(Number(expected['avg_ttc_ms']), 3);
    expect(steps[2].medianFromEntryMs).toBe(expected['median_ttc_ms']);
  });

  test('the ten countries with the largest amount', async () => {
    const result = await ask({
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
    expect(actual).toEqual(answer('order-amount-by-country'));
  });

  test('weekly rolling retention of orders', async () => {
    const question = { range, birth: only('Order Placed'), return: only('Order Placed') };
    const expected = answer('weekly-retention-rolling');
    expect((await weeklyRetention(ask, question)).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten products bought most often', async () => {
    const result = await ask({
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
    expect(actual).toEqual(answer('top-products'));
  });
}

export function megalineTests(ask: Asker): void {
  const answer = dataSetAnswers('megaline');
  const range = { from: '2018-01-01', to: '2018-12-31' };

  test('totals and uniques per event', async () => {
    const expected = answer('totals');
    expect(await totals(ask, range, eventsOf(expected))).toEqual(expected);
  });

  test.each(['dau-first-14-days', 'dau-last-14-days'])('%s', async (id) => {
    expect(await days(ask, answer(id))).toEqual(answer(id));
  });

  test('totals and uniques by month', async () => {
    const expected = answer('events-by-month');
    const events = eventsOf(expected).toSorted();
    const question = { range, unit: 'month' as const, events };
    expect(await eventBuckets(ask, question)).toEqual(expected);
  });

  test('funnel by plan, where every time is midnight and windows end on a tie', async () => {
    const { segments } = await ask({
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
    expect(actual).toEqual(answer('funnel-subscribe-call-internet'));
  });

  test('minutes of answered calls by plan', async () => {
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
    const result = await ask({
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
    expect(actual).toEqual(answer('call-minutes-by-plan'));
  });

  test('weekly rolling retention of any usage', async () => {
    const events = ['Call Made', 'Message Sent', 'Internet Session'];
    const usage = { anyOf: events.map((event) => ({ event, filters: [] })) };
    const question = { range, birth: only('Plan Subscribed'), return: usage };
    const expected = answer('weekly-retention-rolling');
    expect((await weeklyRetention(ask, question)).slice(0, expected.length)).toEqual(expected);
  });

  test('the ten cities with the most users online', async () => {
    const result = await ask({
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
    expect(actual).toEqual(answer('top-cities'));
  });
}
