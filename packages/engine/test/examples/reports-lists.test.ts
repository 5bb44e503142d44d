import { describe, expect, it, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { ListPoint, QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { ask, later } from '../model/ask.ts';
import { type AskedList, listOf } from '../model/ask-list.ts';
import { buildViews } from '../model/build-views.ts';
import { d1, did, event, only, person } from './sample-data.ts';
import type { World } from '../model/world.ts';

type ReportInput = Exclude<QueryInput, { type: 'list' }>;

const week = { from: '2024-03-04', to: '2024-03-12' };
const plays: ReportInput = {
  type: 'insights',
  range: week,
  metrics: [
    { selector: only('Play'), measure: { type: 'total' } },
    { selector: only('Play'), measure: { type: 'unique' } },
  ],
  breakdowns: [{ property: event('song') }],
};
const signupToPlay: ReportInput = {
  type: 'funnel',
  range: week,
  steps: [only('Signup'), only('Play')],
  window: { value: 1, unit: 'hour' },
};

function list(
  of: ReportInput,
  point: ListPoint,
  options: Partial<AskedList> = {},
  things: World = d1,
): ListResult {
  const report = listedReportSchema.parse(of);
  return listOf(things, { of: report, point, what: 'users', ...options }, later);
}

function insightsPoint(fields: Partial<Extract<ListPoint, { type: 'insights' }>> = {}): ListPoint {
  return { type: 'insights', metric: 0, bucket: null, segment: null, compared: false, ...fields };
}

describe('4.6: the list behind a number', () => {
  it('has the users of the whole range once, and those of a day', () => {
    expect(list(plays, insightsPoint({ metric: 1 })).users).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect(list(plays, insightsPoint({ metric: 1, bucket: 1 })).users).toEqual(['u1', 'u2']);
  });

  it('has the users of a segment', () => {
    const segment = { type: 'string', text: 'B' };
    expect(list(plays, insightsPoint({ metric: 1, segment })).users).toEqual(['u1', 'u2']);
  });

  it('has the users and events of all other segments, which those that came back name', () => {
    const other = {
      segment: { type: 'other', text: '(other)' },
      beside: [{ type: 'string', text: 'A' }],
    };
    expect(list(plays, insightsPoint({ metric: 1, ...other })).users).toEqual(['u1', 'u2', 'u3']);
    expect(list(plays, insightsPoint(other), { what: 'events' }).total).toBe(3);
    expect(list(plays, insightsPoint({ ...other, bucket: 1 })).users).toEqual(['u1']);
    const { segment } = other;
    expect(() => list(plays, insightsPoint({ segment }))).toThrow(
      'the list of all other segments needs those beside it: name them',
    );
  });

  it('has the events with all that was sent, newest first', () => {
    const segment = { type: 'string', text: 'A' };
    const { total, events } = list(plays, insightsPoint({ segment }), { what: 'events', limit: 2 });
    expect(total).toBe(4);
    expect(events).toEqual([
      {
        event: 'Play',
        timeMs: Date.UTC(2024, 2, 12, 10),
        user: 'u4',
        properties: { song: 'A', secs: 300, tags: ['rock'] },
      },
      {
        event: 'Play',
        timeMs: Date.UTC(2024, 2, 6, 12),
        user: 'u1',
        properties: { song: 'A', secs: 'n/a', tags: [] },
      },
    ]);
  });

  it('brings the properties of profiles that are asked for, where users have them', () => {
    const { users, profiles } = list(plays, insightsPoint({ metric: 1 }), { columns: ['plan'] });
    expect(users).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect(profiles).toEqual([{ plan: 'pro' }, { plan: 'pro' }, { plan: 'free' }, {}]);
  });

  it('has the events that belong to nobody, who is no user', () => {
    const world = { events: [did('', 'Play', '03-04 09:00'), ...d1.events], people: {} };
    const point = insightsPoint({ bucket: 0 });
    expect(list(plays, point, { what: 'events' }, world).events.map(({ user }) => user)).toEqual([
      'u1',
      '',
    ]);
    expect(list(plays, point, {}, world).users).toEqual(['u1']);
  });

  it('is of the time of the comparison where the point lies there', () => {
    const compared: ReportInput = {
      ...plays,
      range: { from: '2024-03-06', to: '2024-03-06' },
      compare: { type: 'previous', unit: 'day' },
    };
    expect(list(compared, insightsPoint()).users).toEqual(['u1', 'u3']);
    expect(list(compared, insightsPoint({ compared: true })).users).toEqual(['u1', 'u2']);
  });

  it('is of the Monday that a point of the year before was moved to', () => {
    const compared: ReportInput = {
      ...plays,
      range: { from: '2025-03-05', to: '2025-03-10' },
      compare: { type: 'previous', unit: 'year' },
    };
    const at = (bucket: number | null) =>
      list(compared, insightsPoint({ compared: true, bucket })).users;
    expect(at(0)).toEqual(['u1', 'u2']);
    expect(at(4)).toEqual(['u2']);
    expect(at(5)).toEqual(['u2']);
    expect(at(null)).toEqual(['u1', 'u2', 'u3']);
    expect(() => at(6)).toThrow('the report has no bucket 6: the last is 5');
  });

  it('is of all buckets up to that of a running sum, and of those of a rolling average', () => {
    const [metric] = plays.type === 'insights' ? plays.metrics : [];
    const running = { ...plays, metrics: [{ ...metric, cumulative: true }] } as ReportInput;
    const rolling = { ...plays, metrics: [{ ...metric, rolling: 2 }] } as ReportInput;
    const point = insightsPoint({ bucket: 2 });
    expect(list(running, point, { what: 'events' }).total).toBe(5);
    expect(list(rolling, point, { what: 'events' }).total).toBe(4);
  });

  it('is of as many buckets as a rolling average has, by the hour and in the compared time', () => {
    const hours = Array.from({ length: 6 }, (_, hour) => did('u', 'A', `03-04 0${hour}:30`));
    const weeks = ['02-05', '02-12', '02-19', '02-26', '03-04'].map((day) =>
      did('w', 'B', `${day} 00:00`),
    );
    const world = { events: [...hours, ...weeks], people: {} };
    const rolling = (name: string, more: object): ReportInput =>
      ({
        type: 'insights',
        metrics: [{ selector: only(name), measure: { type: 'total' }, rolling: 3 }],
        ...more,
      }) as ReportInput;
    const byHour = rolling('A', {
      unit: 'hour',
      range: { from: '2024-03-04T02:00', to: '2024-03-04T05:59' },
    });
    for (const bucket of [0, 1, 3]) {
      const { total } = list(byHour, insightsPoint({ bucket }), { what: 'events' }, world);
      expect(total).toBe(3);
    }
    // Weeks of the compared time begin on the day of the week that the month before gives them.
    const byWeek = rolling('B', {
      unit: 'week',
      range: { from: '2024-03-25', to: '2024-04-07' },
      compare: { type: 'previous', unit: 'month' },
    });
    const report = ask(buildViews(world, 2), byWeek) as Extract<
      ReturnType<typeof ask>,
      { type: 'insights' }
    >;
    const values = report.comparison?.series[0]?.values ?? [];
    expect(values).toEqual([1, 1]);
    for (const bucket of [0, 1]) {
      const point = insightsPoint({ bucket, compared: true });
      const { total } = list(byWeek, point, { what: 'events' }, world);
      expect(total).toBe(Math.round(3 * (values[bucket] ?? 0)));
    }
  });

  it('is that of the report where a metric is one', () => {
    const metrics: ReportInput = {
      type: 'insights',
      range: week,
      metrics: [
        { type: 'funnel', funnel: { steps: [only('Signup'), only('Play')] } },
        {
          type: 'cohort',
          cohort: {
            type: 'conditions',
            filters: [
              { type: 'property', property: person('plan'), operator: 'equals', values: ['pro'] },
            ],
          },
        },
        {
          type: 'retention',
          retention: { birth: only('Signup'), return: only('Play'), criterion: 'on' },
          interval: 2,
        },
      ],
      formulas: [{ expression: 'A + B' }],
    };
    expect(list(metrics, insightsPoint()).users).toEqual(['u1', 'u2', 'u3']);
    expect(list(metrics, insightsPoint({ bucket: 0 })).users).toEqual(['u1', 'u2']);
    expect(list(metrics, insightsPoint({ metric: 1, bucket: 3 })).users).toEqual(['u1', 'u2']);
    // In the segments of other metrics the size of a cohort is the same.
    const segment = { type: 'string', text: 'A' };
    expect(list(metrics, insightsPoint({ metric: 1, segment })).users).toEqual(['u1', 'u2']);
    expect(list(metrics, insightsPoint({ metric: 2, bucket: 0 })).users).toEqual(['u1']);
    expect(() => list(metrics, insightsPoint({ metric: 2 }))).toThrow(
      'is an average of its buckets, and nobody is behind it by itself: list one of the buckets',
    );
  });

  it('is one for each metric that a formula is made of', () => {
    const [metric] = plays.type === 'insights' ? plays.metrics : [];
    const report = {
      ...plays,
      metrics: [metric, { ...metric, selector: only('Signup') }],
      formulas: [{ expression: 'B / (A + A)' }, { expression: '100 * B' }, { expression: '1 + 1' }],
    } as ReportInput;
    expect(list(report, insightsPoint({ metric: 2, bucket: 0, operand: 0 })).users).toEqual(['u1']);
    expect(list(report, insightsPoint({ metric: 2, bucket: 0, operand: 1 })).users).toEqual([
      'u1',
      'u2',
    ]);
    // One metric alone is meant without being named.
    expect(list(report, insightsPoint({ metric: 3, bucket: 0 })).users).toEqual(['u1', 'u2']);
    const how = 'and nobody is behind it by itself: name one of the metrics that it is made of';
    expect(() => list(report, insightsPoint({ metric: 2 }))).toThrow(
      `metric 2 is a formula, ${how} as its operand (0, 1)`,
    );
    expect(() => list(report, insightsPoint({ metric: 3, operand: 0 }))).toThrow(
      `metric 3 is a formula, ${how} as its operand (1), not 0`,
    );
    expect(() => list(report, insightsPoint({ metric: 4 }))).toThrow(
      'as its operand (it has none)',
    );
    expect(() => list(report, insightsPoint({ metric: 0, operand: 1 }))).toThrow(
      'metric 0 is no formula: leave out the operand 1',
    );
    expect(() => list(report, insightsPoint({ metric: 5 }))).toThrow(
      'the report has no metric 5: the last is 4',
    );
  });

  it('may be a condition of a cohort', () => {
    const of = { type: 'list', of: plays, point: { type: 'insights', metric: 1, bucket: 1 } };
    const cohort: ReportInput = {
      type: 'cohort',
      filters: [
        { type: 'report', list: of },
        { type: 'property', property: person('plan'), operator: 'equals', values: ['pro'] },
      ],
    };
    expect(list(cohort, { type: 'cohort', bucket: null }).users).toEqual(['u1', 'u2']);
  });
});

test('5.12: behind the gap are those who reached the step before and not this one', () => {
  const point = { type: 'funnel', step: 1, bucket: null, segment: null } as const;
  expect(list(signupToPlay, { ...point, outcome: 'reached' }).users).toEqual(['u1', 'u3']);
  expect(list(signupToPlay, { ...point, outcome: 'dropped' }).users).toEqual(['u2']);
});

test('6.8 example 1: who came back two days later, and who did not', () => {
  const of: ReportInput = {
    type: 'retention',
    range: week,
    birth: only('Signup'),
    return: only('Play'),
    criterion: 'on',
  };
  const point = { type: 'retention', cohort: 0, interval: 2, segment: null } as const;
  expect(list(of, { ...point, outcome: 'retained' }).users).toEqual(['u1']);
  expect(list(of, { ...point, outcome: 'lost' }).users).toEqual(['u2']);
  const all = { ...point, interval: null, outcome: 'retained' } as const;
  expect(list(of, all).users).toEqual(['u1', 'u2']);
});

test('7: who played on three days of the week', () => {
  const of: ReportInput = {
    type: 'frequency',
    range: week,
    selector: only('Play'),
    unit: 'week',
    per: 'day',
  };
  const point = { type: 'frequency', bucket: 0, times: 3, segment: null } as const;
  expect(list(of, point).users).toEqual(['u1']);
});

test('8.1: behind other events are those of every event that is not shown by itself', () => {
  const of: ReportInput = {
    type: 'flow',
    range: { from: '2024-03-04', to: '2024-03-04' },
    anchors: [{ selector: { anyOf: [{ event: null }] }, after: 0 }],
    rows: 1,
  };
  const world = { events: [did('bob', 'A', '03-04 09:00'), did('ada', 'C', '03-04 09:00')] };
  const node = (own: unknown[]): ListPoint => {
    const at = { type: 'flow', anchor: 0, step: 0, link: null, segment: null } as const;
    return { ...at, node: JSON.stringify(own) };
  };
  const users = (point: ListPoint) => list(of, point, {}, { ...world, people: {} }).users;
  expect(users(node([0, 0, 'A']))).toEqual(['bob']);
  expect(users(node([0, 0, null, ['A']]))).toEqual(['ada']);
});

describe('a point that no number lies at', () => {
  const point = {
    type: 'funnel',
    step: 1,
    outcome: 'reached',
    bucket: null,
    segment: null,
  } as const;

  it.each<[string, ReportInput, ListPoint, string]>([
    ['another report', plays, point, 'a point of funnel is no number of a report of type insights'],
    ['a metric', plays, insightsPoint({ metric: 2 }), 'the report has no metric 2: the last is 1'],
    [
      'a bucket',
      plays,
      insightsPoint({ bucket: 9 }),
      'the report has no bucket 9: count from 0, the last is 8',
    ],
    [
      'a comparison',
      plays,
      insightsPoint({ compared: true }),
      'the report is compared with nothing',
    ],
    [
      'a step',
      signupToPlay,
      { ...point, step: 2 },
      'the report has no step 2: count from 0, the last is 1',
    ],
    [
      'a bucket of a report without',
      signupToPlay,
      { ...point, bucket: 0 },
      'the report has no bucket 0: it is not cut into buckets',
    ],
    [
      'dropping off before the first step',
      signupToPlay,
      { ...point, step: 0, outcome: 'dropped' },
      'nobody can drop off before step 0, where a funnel begins',
    ],
    [
      'the other segments of a distribution',
      {
        ...plays,
        metrics: [
          { selector: only('Play'), measure: { type: 'distribution', property: event('secs') } },
        ],
      },
      insightsPoint({ segment: { type: 'other', text: '(other)' }, beside: [] }),
      'a distribution has no other segments: name one that came back',
    ],
    [
      'all other segments of a frequency report',
      {
        type: 'frequency',
        range: week,
        selector: only('Play'),
        unit: 'week',
        per: 'day',
        breakdowns: [{ property: event('song') }],
        segmentsMax: 1,
      },
      { type: 'frequency', bucket: 0, times: 1, segment: { type: 'other', text: '(other)' } },
      'a report of type frequency has no other segments: name one that came back',
    ],
  ])('is refused: %s', (_, of, at, message) => {
    expect(() => list(of, at)).toThrow(message);
  });
});
