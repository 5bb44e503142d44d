import { querySchema, type QueryInput } from '@arbor/schema/query';
import { describe, expect, it } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import { NeedsByEvent } from './event-needs.ts';
import { scanNeeds } from './scan-needs.ts';

const dayMs = 86_400_000;
const day = (date: string): number => Date.parse(date);
const range = { from: '2024-03-10', to: '2024-03-12' };
const selector = (event: string, property?: string) => ({
  anyOf: [
    {
      event,
      filters: property
        ? [
            {
              type: 'property' as const,
              property: { scope: 'event' as const, name: property },
              operator: 'is_set' as const,
              values: [],
            },
          ]
        : [],
    },
  ],
});

function planned(query: QueryInput, timezone = 'UTC', nowMs = Date.UTC(2025, 0, 1)) {
  return planQuery(querySchema.parse(query), { timezone, weekStart: 1, nowMs });
}

function needs(query: QueryInput, isFast = true, timezone?: string) {
  return new NeedsByEvent(scanNeeds(planned(query, timezone), isFast));
}

describe('needs of an insights plan', () => {
  const query: QueryInput = {
    type: 'insights',
    range,
    breakdowns: [{ property: { scope: 'event', name: 'page' } }],
    metrics: [
      { selector: selector('View', 'os'), measure: { type: 'total' } },
      {
        selector: selector('Buy'),
        measure: { type: 'sum', property: { scope: 'event', name: 'price' } },
      },
    ],
  };

  it('are the events, days and properties that it looks at', () => {
    const of = needs(query);
    expect(of.of('View', day('2024-03-10'))).toEqual({
      properties: ['page', 'os'],
      times: false,
      users: false,
    });
    expect(of.of('Buy', day('2024-03-12'))).toEqual({
      properties: ['page', 'price'],
      times: false,
      users: false,
    });
    expect(of.of('Other', day('2024-03-10'))).toBeNull();
    expect(of.of('View', day('2024-03-09'))).toBeNull();
    expect(of.of('View', day('2024-03-13'))).toBeNull();
    expect(of.of('View', day('2024-03-11'))).toBe(of.of('View', day('2024-03-10')));
  });

  it('are times where an edge cuts the day', () => {
    const berlin = needs(query, true, 'Europe/Berlin');
    // From 23:00 of the day before.
    expect(berlin.of('View', day('2024-03-09'))?.times).toBe(true);
    expect(berlin.of('View', day('2024-03-11'))?.times).toBe(true);
    const hours = needs({ ...query, unit: 'hour' } as QueryInput);
    expect(hours.of('View', day('2024-03-11'))?.times).toBe(true);
    const weeks = needs({ ...query, unit: 'week' } as QueryInput, true, 'Europe/Berlin');
    expect(weeks.of('View', day('2024-03-11'))?.times).toBe(false);
  });

  it('are all times for the way over rows', () => {
    expect(needs(query, false).of('View', day('2024-03-11'))?.times).toBe(true);
    expect(scanNeeds(planned(query), false).order).toBe(true);
    expect(scanNeeds(planned(query), true).order).toBe(false);
  });

  it('are users where somebody looks at them', () => {
    const [metric] = query.metrics;
    const plan = { scope: 'person' as const, name: 'plan' };
    const usersOf = (change: Partial<QueryInput>): boolean | undefined =>
      needs({ ...query, metrics: [metric], ...change } as QueryInput).of('View', day('2024-03-10'))
        ?.users;
    const isSet = { type: 'property' as const, operator: 'is_set' as const, values: [] };
    expect(usersOf({})).toBe(false);
    expect(usersOf({ breakdowns: [{ property: plan }] })).toBe(true);
    expect(usersOf({ filters: [{ type: 'any', filters: [{ ...isSet, property: plan }] }] })).toBe(
      true,
    );
    expect(
      usersOf({
        filters: [{ ...isSet, property: { scope: 'event', name: '$distinct_id' } }],
      }),
    ).toBe(true);
    expect(
      usersOf({ metrics: [{ selector: selector('View'), measure: { type: 'unique' } }] } as object),
    ).toBe(true);
  });

  it('reach back as far as active users do', () => {
    const monthly = needs({
      type: 'insights',
      range,
      metrics: [{ selector: selector('View'), measure: { type: 'mau' } }],
    });
    expect(monthly.of('View', day('2024-03-10') - 29 * dayMs)).not.toBeNull();
    expect(monthly.of('View', day('2024-03-10') - 30 * dayMs)).toBeNull();
  });

  it('leave the events of the protocol out of any event', () => {
    const any = needs({
      type: 'insights',
      range,
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
    });
    expect(any.of('$identify', day('2024-03-10'))).toBeNull();
    expect(any.of('View', day('2024-03-10'))).not.toBeNull();
  });
});

describe('needs of other plans', () => {
  it('of a funnel that completes in the range end with it', () => {
    const of = needs({
      type: 'funnel',
      range,
      steps: [selector('View'), selector('Buy')],
      window: { value: 2, unit: 'day' },
      completion: 'in_range',
    });
    expect(of.of('Buy', day('2024-03-12'))).not.toBeNull();
    expect(of.of('Buy', day('2024-03-13'))).toBeNull();
  });

  it('of a funnel go on for the window, with all times', () => {
    const of = needs({
      type: 'funnel',
      range,
      steps: [selector('View'), selector('Buy', 'price')],
      window: { value: 2, unit: 'day' },
      graceMs: 0,
    });
    expect(of.of('Buy', day('2024-03-14'))).toEqual({
      properties: ['price'],
      times: true,
      users: true,
    });
    expect(of.of('Buy', day('2024-03-15'))).toBeNull();
  });

  it('of retention are times on days of births alone, where intervals are calendar days', () => {
    const of = needs({
      type: 'retention',
      range,
      birth: selector('View', 'os'),
      return: selector('Buy'),
      unit: 'day',
      mode: 'calendar',
      intervals: 5,
    });
    expect(of.of('View', day('2024-03-12'))).toEqual({
      properties: ['os'],
      times: true,
      users: true,
    });
    expect(of.of('View', day('2024-03-13'))).toBeNull();
    expect(of.of('Buy', day('2024-03-12'))?.times).toBe(true);
    expect(of.of('Buy', day('2024-03-13'))?.times).toBe(false);
    expect(of.of('Buy', day('2024-03-16'))).not.toBeNull();
    expect(of.of('Buy', day('2024-03-17'))).toBeNull();
  });

  const anyEvent = { anyOf: [{ event: null }] };

  it('of active users are who did anything, on days that no edge cuts', () => {
    const query: QueryInput = {
      type: 'insights',
      range,
      metrics: [{ selector: anyEvent, measure: { type: 'unique' } }],
    };
    const of = needs(query);
    expect(of.presenceOn(day('2024-03-12'))).toBe('users');
    expect(of.presenceOn(day('2024-03-13'))).toBeNull();
    expect(of.of('View', day('2024-03-12'))).toBeNull();
    // Every day of this zone begins within one of UTC.
    const local = needs(query, true, 'Asia/Tokyo');
    expect(local.presenceOn(day('2024-03-11'))).toBeNull();
    expect(local.of('View', day('2024-03-11'))?.times).toBe(true);
    // The way over rows needs them all.
    expect(needs(query, false).presenceOn(day('2024-03-12'))).toBeNull();
  });

  it('of rows stay where rows decide about users', () => {
    const query: QueryInput = {
      type: 'insights',
      range,
      breakdowns: [{ property: { scope: 'event', name: 'os' } }],
      metrics: [{ selector: anyEvent, measure: { type: 'unique' } }],
    };
    expect(needs(query).presenceOn(day('2024-03-12'))).toBeNull();
    expect(needs(query).of('View', day('2024-03-12'))?.properties).toEqual(['os']);
  });

  it('of a return by any event are who did anything, with times where births may come before', () => {
    const query = {
      type: 'retention' as const,
      range,
      birth: selector('View'),
      return: anyEvent,
      unit: 'day' as const,
      intervals: 5,
    };
    const calendar = needs({ ...query, mode: 'calendar' });
    expect(calendar.presenceOn(day('2024-03-12'))).toBe('times');
    expect(calendar.presenceOn(day('2024-03-13'))).toBe('users');
    expect(calendar.of('Buy', day('2024-03-12'))).toBeNull();
    expect(calendar.of('View', day('2024-03-12'))?.times).toBe(true);
    const rolling = needs({ ...query, mode: 'rolling' });
    expect(rolling.presenceOn(day('2024-03-13'))).toBe('times');
    expect(rolling.of('Buy', day('2024-03-13'))).toBeNull();
  });

  it('of a cohort are the spans of its conditions', () => {
    const plan = planned(
      {
        type: 'cohort',
        filters: [
          {
            type: 'behavior',
            selector: selector('Buy'),
            count: { operator: 'at_least', value: 1 },
            span: { type: 'last', days: 2 },
          },
          {
            type: 'property',
            property: { scope: 'person', name: 'plan' },
            operator: 'is_set',
            values: [],
          },
        ],
      },
      'UTC',
      day('2024-03-12') + 1000,
    );
    const all = scanNeeds(plan, true);
    expect([...all.personProperties]).toEqual(['plan']);
    const of = new NeedsByEvent(all);
    expect(of.of('Buy', day('2024-03-11'))).not.toBeNull();
    expect(of.of('Buy', day('2024-03-09'))).toBeNull();
  });
});

describe('hopes', () => {
  const price = (operator: 'greater_than' | 'does_not_equal', scope: 'event' | 'person') => ({
    type: 'property' as const,
    property: { scope, name: 'price' },
    operator,
    values: [1],
  });
  const total = (filters: ReturnType<typeof price>[], own: typeof filters = []): QueryInput => ({
    type: 'insights',
    range,
    filters,
    metrics: [
      {
        selector: { anyOf: [{ event: 'View', filters: own }] },
        measure: { type: 'total' },
      },
    ],
  });
  const whole = { fromMs: 0, toMs: dayMs, whole: true };
  const middle = day('2024-03-11');
  const kinds = (query: QueryInput, isFast = true) =>
    needs(query, isFast)
      .hopeOf('View', middle)
      ?.kinds.map(({ span, filters }) => [
        span,
        ...filters.map((filter) => filter.type === 'property' && filter.operator),
      ]);

  it('are of rows that pass the filters of the report and of the match', () => {
    const query = total([price('greater_than', 'event')], [price('does_not_equal', 'event')]);
    expect(kinds(query)).toEqual([[whole, 'greater_than', 'does_not_equal']]);
    expect(kinds(query, false)).toEqual([[whole, 'greater_than', 'does_not_equal']]);
    const of = needs(query);
    expect(of.hopeOf('View', middle)).toBe(of.hopeOf('View', day('2024-03-10')));
  });

  it('are none where each row may matter', () => {
    expect(kinds(total([]))).toBeUndefined();
    expect(kinds(total([price('greater_than', 'person')]))).toBeUndefined();
    const dear = { anyOf: [{ event: 'View', filters: [price('greater_than', 'event')] }] };
    const both: QueryInput = {
      type: 'insights',
      range,
      metrics: [
        { selector: dear, measure: { type: 'total' } },
        { selector: selector('View'), measure: { type: 'unique' } },
      ],
    };
    expect(kinds(both)).toBeUndefined();
  });

  it('are of rows within the range where it begins or ends in the day', () => {
    const cut = needs(total([]), true, 'Europe/Berlin');
    const hourMs = 3_600_000;
    expect(cut.hopeOf('View', day('2024-03-09'))?.kinds).toEqual([
      { span: { fromMs: 23 * hourMs, toMs: dayMs, whole: false }, filters: [] },
    ]);
    expect(cut.hopeOf('View', day('2024-03-12'))?.kinds).toEqual([
      { span: { fromMs: 0, toMs: 23 * hourMs, whole: false }, filters: [] },
    ]);
    expect(cut.hopeOf('View', day('2024-03-10'))).toBeNull();
  });

  it('leave out events that a filter on the name of events rules out', () => {
    const named = (value: string): QueryInput => ({
      type: 'insights',
      range,
      filters: [
        {
          type: 'property',
          property: { scope: 'event', name: '$event_name' },
          operator: 'equals',
          values: [value],
        },
      ],
      metrics: [{ selector: selector('View'), measure: { type: 'total' } }],
    });
    expect(needs(named('Buy')).of('View', middle)).toBeNull();
    expect(needs(named('View')).of('View', middle)).not.toBeNull();
    expect(kinds(named('View'))).toBeUndefined();
  });

  it('of a funnel are of its steps alone: filters of the report judge attempts', () => {
    const query: QueryInput = {
      type: 'funnel',
      range,
      filters: [price('greater_than', 'event')],
      steps: [selector('View', 'os'), selector('Buy')],
      window: { value: 1, unit: 'day' },
    };
    expect(kinds(query)?.map(([, ...filters]) => filters)).toEqual([['is_set']]);
    expect(needs(query).hopeOf('Buy', middle)).toBeNull();
  });

  it('of a first time are none: rows that do not pass come before those that do', () => {
    const first = (firstTime: boolean): QueryInput => ({
      type: 'insights',
      range,
      metrics: [
        {
          selector: {
            anyOf: [
              {
                event: 'View',
                filters: [price('greater_than', 'event')],
                ...(firstTime && { firstTime: 'event' as const }),
              },
            ],
          },
          measure: { type: 'total' },
        },
      ],
    });
    expect(needs(first(false), false).hopeOf('View', middle)).not.toBeNull();
    expect(needs(first(true), false).hopeOf('View', middle)).toBeNull();
  });
});
