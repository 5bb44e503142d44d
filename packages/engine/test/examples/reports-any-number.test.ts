import { describe, expect, it } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { ListPoint, QueryInput } from '@arbor/schema/query';
import { ask, later } from '../model/ask.ts';
import { listOf } from '../model/ask-list.ts';
import type { InsightsResult } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import type { World } from '../model/world.ts';
import { d1, did, only, viewsOf } from './sample-data.ts';

type ReportInput = Exclude<QueryInput, { type: 'list' }>;

const week = { from: '2024-03-04', to: '2024-03-12' };

function behind(
  of: ReportInput,
  point: ListPoint,
  things: World = d1,
  context: PlanContext = later,
): { readonly users: string[]; readonly events: string[] } {
  const report = listedReportSchema.parse(of);
  const { users } = listOf(things, { of: report, point, what: 'users' }, context);
  const { events } = listOf(things, { of: report, point, what: 'events' }, context);
  return {
    users,
    events: events.map(({ user, timeMs }) => `${user} ${new Date(timeMs).toISOString()}`),
  };
}

describe('4.6, 5.10: behind a bin of the times to convert', () => {
  const funnel = {
    type: 'funnel' as const,
    range: { from: '2024-03-04', to: '2024-03-05' },
    steps: [only('Signup'), only('Play')],
    distribution: { from: 0, to: 1, bins: 2 },
  };
  const point = {
    type: 'funnel',
    step: 1,
    outcome: 'reached',
    segment: null,
    bucket: null,
  } as const;

  it('lie those whose time is in it, with the events of the later step', () => {
    const { distribution } = ask(viewsOf(...d1.events), funnel);
    const [first, , last] = distribution?.bins ?? [];
    expect(distribution?.bins.map(({ count }) => count)).toEqual([2, 0, 1]);
    const inBin = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
      behind(funnel, { ...point, took: { from: 0, startMs, endMs } });
    expect(inBin(first).users).toEqual(['u1', 'u3']);
    expect(inBin(last)).toEqual({ users: ['u2'], events: ['u2 2024-03-05T09:00:00.000Z'] });
  });

  it('lie those of a segment alone', () => {
    const took = { from: 0, startMs: 0, endMs: 3_600_000 };
    const split = {
      ...funnel,
      breakdowns: [{ property: { scope: 'person' as const, name: 'plan' } }],
    };
    const segment = { type: 'string', text: 'free' };
    expect(behind(split, { ...point, took, segment }).users).toEqual(['u3']);
  });

  it('lies nobody before the step that times end with', () => {
    const took = { from: 1, startMs: 0, endMs: 1 };
    expect(() => behind(funnel, { ...point, took })).toThrow(
      'times from step 1 to step 1 are none: end after it',
    );
    const dropped = { ...point, outcome: 'dropped', took: { ...took, from: 0 } } as const;
    expect(() => behind(funnel, dropped)).toThrow('leave out took');
  });
});

it('4.6: behind attempts that are still open lie their entries', () => {
  const funnel: ReportInput = {
    type: 'funnel',
    range: week,
    steps: [only('Signup'), only('Nothing')],
    window: { value: 1, unit: 'day' },
  };
  const context = { ...later, nowMs: Date.UTC(2024, 2, 5, 9, 30) };
  const point = { type: 'funnel', step: 0, outcome: 'open', segment: null, bucket: null } as const;
  expect(ask(viewsOf(...d1.events), funnel, context)).toMatchObject({ stillOpen: 2 });
  expect(behind(funnel, point, d1, context)).toEqual({
    users: ['u2', 'u3'],
    events: ['u3 2024-03-05T23:30:00.000Z', 'u2 2024-03-04T10:00:00.000Z'],
  });
});

describe('5.5: the top paths of a funnel in any order', () => {
  const events = [
    did('u1', 'A', '03-04 10:00'),
    did('u1', 'B', '03-04 11:00'),
    did('u2', 'B', '03-04 10:00'),
    did('u2', 'A', '03-04 11:00'),
    did('u2', 'C', '03-04 12:00'),
    did('u3', 'B', '03-04 10:00'),
    did('u3', 'A', '03-04 11:00'),
    did('u3', 'C', '03-04 12:00'),
    did('u4', 'B', '03-04 10:00'),
  ];
  const funnel = {
    type: 'funnel' as const,
    range: week,
    steps: [only('A'), only('B'), only('C')],
    order: 'any' as const,
    pathsMax: 10,
  };
  const point = {
    type: 'funnel',
    step: 2,
    outcome: 'reached',
    segment: null,
    bucket: null,
  } as const;

  it('are the orders in which steps were done, with the conversion from step to step', () => {
    expect(ask(viewsOf(...events), funnel)).toMatchObject({
      paths: [
        { steps: [1, 0, 2], count: 2, converted: 2, prefixCounts: [3, 2, 2] },
        { steps: [0, 1], count: 1, converted: 0, prefixCounts: [1, 1] },
        { steps: [1], count: 1, converted: 0, prefixCounts: [3] },
      ],
      pathCount: 3,
    });
    const first = ask(viewsOf(...events), { ...funnel, pathsMax: 1 });
    expect(first.paths?.map(({ steps }) => steps)).toEqual([[1, 0, 2]]);
    expect(first.pathCount).toBe(3);
  });

  it('have those behind them who went that way, ended there, or began so', () => {
    const world = { events, people: {} };
    expect(behind(funnel, { ...point, path: [1, 0, 2] }, world).users).toEqual(['u2', 'u3']);
    const ended: ListPoint = { ...point, step: 1, outcome: 'dropped', path: [1] };
    expect(behind(funnel, ended, world).users).toEqual(['u4']);
    const begun = { ...point, step: 0, path: [1] };
    expect(behind(funnel, begun, world).users).toEqual(['u2', 'u3', 'u4']);
  });

  it('are none of steps in an order', () => {
    expect(() => ask(viewsOf(...events), { ...funnel, order: 'specific' })).toThrow(
      'steps in the order "specific" have one path',
    );
  });
});

describe('8.1: behind whole paths of a flow', () => {
  const events = [
    did('u1', 'A', '03-04 10:00'),
    did('u1', 'X', '03-04 11:00'),
    did('u1', 'B', '03-04 12:00'),
    did('u2', 'A', '03-04 10:00'),
    did('u2', 'X', '03-04 11:00'),
    did('u3', 'A', '03-04 10:00'),
  ];
  const world = { events, people: {} };
  const flow: ReportInput = {
    type: 'flow',
    range: week,
    anchors: [
      { selector: only('A'), after: 1 },
      { selector: only('B'), after: 0 },
    ],
  };
  const path = (
    events: (string | null)[],
    outcome: 'whole' | 'converted' | 'begins',
  ): ListPoint => {
    return { type: 'flow_path', events, outcome, segment: null };
  };

  it('lie those who went all of it, and those who began so', () => {
    expect(behind(flow, path(['A', 'X', 'B'], 'whole'), world)).toEqual({
      users: ['u1'],
      events: ['u1 2024-03-04T10:00:00.000Z'],
    });
    expect(behind(flow, path(['A', 'X', null], 'whole'), world).users).toEqual(['u2']);
    expect(behind(flow, path(['A', 'X', null], 'converted'), world).users).toEqual([]);
    expect(behind(flow, path(['A', 'X'], 'begins'), world).users).toEqual(['u1', 'u2']);
  });

  it('lie those who reached an anchor, whatever they did there', () => {
    const reached = { type: 'flow', node: null, link: null, step: 0, segment: null } as const;
    const at = (anchor: number): ListPoint => ({ ...reached, anchor, outcome: 'reached' });
    expect(behind(flow, at(0), world).users).toEqual(['u1', 'u2', 'u3']);
    expect(behind(flow, at(1), world).users).toEqual(['u1']);
    const node = '[1,0,"B"]';
    const both = { ...reached, anchor: 1, node, outcome: 'reached' } as const;
    expect(() => behind(flow, both, world)).toThrow('leave out the outcome "reached"');
  });
});

describe('6.5: behind a retention over the whole range', () => {
  const report = (value: 'rate' | 'count', unit: 'day' | 'total' = 'day'): ReportInput => ({
    type: 'insights',
    range: week,
    unit,
    metrics: [
      {
        type: 'retention',
        retention: {
          birth: only('Play'),
          return: only('Play'),
          criterion: 'on',
          mode: 'calendar',
        },
        interval: 1,
        value,
      },
    ],
  });
  const point = (bucket: number | null): ListPoint => {
    return { type: 'insights', metric: 0, bucket, segment: null, compared: false };
  };

  it('lie those of all cohorts where it is their number, each with the birth that counts', () => {
    // u1 came back the day after 03-04 and 03-05; nobody else did.
    expect(ask(viewsOf(...d1.events), report('count'))).toMatchObject({ series: [{ total: 2 }] });
    const both = {
      users: ['u1'],
      events: ['u1 2024-03-05T08:00:00.000Z', 'u1 2024-03-04T09:10:00.000Z'],
    };
    expect(behind(report('count'), point(null))).toEqual(both);
    expect(behind(report('count', 'total'), point(0))).toEqual(both);
  });

  it('lies nobody by himself where it is an average of them', () => {
    const text = 'is an average of its buckets, and nobody is behind it by itself';
    expect(() => behind(report('rate'), point(null))).toThrow(text);
    expect(() => behind(report('rate', 'total'), point(0))).toThrow(text);
    expect(behind(report('rate'), point(0)).users).toEqual(['u1']);
  });

  it('is refused for a bucket that the whole range does not have', () => {
    expect(() => behind(report('count', 'total'), point(1))).toThrow(
      'the report has no bucket 1: the last is 0',
    );
  });

  it('lie those of the cohort with which a bucket of several days begins', () => {
    // Two days, then one: the second bucket has the number of the third day's cohort.
    const edges = ['2024-03-03', '2024-03-05', '2024-03-06'];
    const range = { from: '2024-03-03', to: '2024-03-05' };
    const cut = { ...report('count'), range, edges } as ReportInput;
    const { series } = ask(viewsOf(...d1.events), cut) as InsightsResult;
    expect(series[0]?.values).toEqual([0, 1]);
    expect(behind(cut, point(1)).events).toEqual(['u1 2024-03-06T12:00:00.000Z']);
  });

  it('lie those of all cohorts up to that of a running total', () => {
    const daily = report('count');
    const running = {
      ...daily,
      metrics: [{ ...('metrics' in daily && daily.metrics[0]), cumulative: true }],
    } as ReportInput;
    const { series } = ask(viewsOf(...d1.events), running) as InsightsResult;
    expect(series[0]?.values.slice(0, 3)).toEqual([1, 2, 2]);
    expect(behind(running, point(0)).events).toHaveLength(1);
    expect(behind(running, point(2)).events).toHaveLength(2);
  });

  it.each([{ cumulative: true }, { rolling: 3 }])('and of those of several rates: %j', (of) => {
    const daily = report('rate');
    const rates = {
      ...daily,
      metrics: [{ ...('metrics' in daily && daily.metrics[0]), ...of }],
    } as ReportInput;
    expect(behind(rates, point(0)).events).toHaveLength(1);
    expect(behind(rates, point(2)).events).toHaveLength(2);
  });
});

describe('6.4: behind an interval that has not begun', () => {
  const report = {
    type: 'retention' as const,
    range: { from: '2024-03-04', to: '2024-03-05' },
    birth: only('Signup'),
    return: only('Play'),
    criterion: 'on' as const,
  };
  const context = { ...later, nowMs: Date.UTC(2024, 2, 11, 12) };
  const point = { type: 'retention', interval: 7, segment: null } as const;

  it('lies nobody, neither retained nor lost', () => {
    const { cohorts } = ask(viewsOf(...d1.events), report, context);
    expect(cohorts.map(({ counts }) => counts[7])).toEqual([0, null]);
    for (const outcome of ['retained', 'lost'] as const) {
      expect(behind(report, { ...point, cohort: 1, outcome }, d1, context).users).toEqual([]);
    }
  });

  it('lie those of the cohorts that have begun it, where all are meant', () => {
    const lost = behind(report, { ...point, cohort: null, outcome: 'lost' }, d1, context);
    expect(lost).toEqual({
      users: ['u1', 'u2'],
      events: ['u2 2024-03-04T10:00:00.000Z', 'u1 2024-03-04T09:00:00.000Z'],
    });
  });
});
