import { expect, test } from 'vitest';
import { listQuerySchema } from '@arbor/schema/query';
import type { InsightsResult, Segment } from '@arbor/schema/result';
import { insightsActions, insightsDrill } from './drill.ts';
import { insightsView, type InsightsView } from './model.ts';
import { initialState, insightsQuery, newMetric, type InsightsState } from './state.ts';

const germany: Segment = { type: 'string', text: 'Germany' };
const result: InsightsResult = {
  type: 'insights',
  buckets: ['01', '02'].map((day) => ({
    start: `2026-03-${day}T00:00:00+01:00`,
    startMs: 0,
    endMs: 1,
    incomplete: false,
  })),
  series: [
    { metric: 0, segment: null, values: [30, 0], total: 30 },
    { metric: 0, segment: germany, values: [20, null], total: 20 },
    { metric: 1, segment: null, values: [5, 0], total: 7.5 },
  ],
  segmentCounts: [1, 0],
};
const sum = { type: 'sum', property: { scope: 'event', name: 'amount' } } as const;
const metrics = [newMetric, { ...newMetric, measure: sum }];
const view: InsightsView = insightsView({
  result,
  metrics: metrics.map((metric, position) => ({ position, metric })),
  formulas: [],
  compare: null,
  breakdowns: [],
  selected: null,
  unit: 'day',
});
const state: InsightsState = {
  ...initialState,
  metrics,
  breakdowns: [{ property: { scope: 'event', name: 'country' } }],
};
const drill = (row: number, bucket: number | null) => {
  const changes: Partial<InsightsState>[] = [];
  const shown = view.rows[row];
  if (shown === undefined) throw new Error(`the view has no row ${row}`);
  return {
    target: insightsDrill({ view, row: shown, bucket }, state),
    actions: insightsActions(shown.point, state, (change) => changes.push(change)),
    changes,
  };
};

test('says how many entries the list of the counted things has, and of no other', () => {
  expect(drill(0, 0).target?.lists.map(({ what, count }) => [what, count])).toEqual([
    ['users', null],
    ['events', 30],
  ]);
  expect(drill(2, null).target?.lists.map(({ count }) => count)).toEqual([null, null]);
});

test('names the number as a query for its list can ask for it', () => {
  const [list] = drill(1, 0).target?.lists ?? [];
  expect(list?.title).toBe('Any event, total, Germany, Sun 1 Mar 2026');
  const of = insightsQuery(state, 'Europe/Berlin', 0);
  const query = listQuerySchema.parse({ type: 'list', of, point: list?.point, what: list?.what });
  expect(query.point).toMatchObject({ metric: 0, bucket: 0, segment: germany });
});

test('leads nowhere from nothing, but from a sum that happens to be zero', () => {
  expect(drill(0, 1).target).toBeNull();
  expect(drill(1, 1).target).toBeNull();
  expect(drill(2, 1).target).not.toBeNull();
});

test('narrows the report to a segment, or to all but it', () => {
  const { actions, changes } = drill(1, null);
  actions.narrow?.only();
  actions.narrow?.without?.();
  expect(changes.map(({ filters }) => filters)).toMatchObject([
    [{ operator: 'equals', values: ['Germany'] }],
    [{ operator: 'does_not_equal', values: ['Germany'] }],
  ]);
  expect(drill(0, null).actions).not.toHaveProperty('narrow');
});

test('splits the segment of the number alone by another property', () => {
  const { actions, changes } = drill(1, 0);
  actions.breakDown?.({ scope: 'event', name: '$os' });
  expect(changes).toEqual([
    {
      breakdowns: [{ property: { scope: 'event', name: '$os' } }],
      filters: [
        {
          property: { scope: 'event', name: 'country' },
          kind: 'text',
          operator: 'equals',
          values: ['Germany'],
        },
      ],
      compare: null,
      selected: null,
      sort: null,
    },
  ]);
  const overall = drill(0, 0);
  overall.actions.breakDown?.({ scope: 'event', name: '$os' });
  expect(overall.changes).toMatchObject([{ filters: [] }]);
});

test('holds the other segments against that of the number', () => {
  const { actions, changes } = drill(1, 0);
  actions.compare?.();
  expect(changes).toEqual([
    { compare: { type: 'segment', key: 'string:Germany', name: 'Germany', as: 'percent' } },
  ]);
  expect(drill(0, 0).actions).not.toHaveProperty('compare');
});

test('keeps a segment that no filter can name, and splits it further', () => {
  const changes: Partial<InsightsState>[] = [];
  const group = { type: 'group', text: 'Europe' } as const;
  const os = { scope: 'event', name: '$os' } as const;
  insightsActions(group, state, (change) => changes.push(change)).breakDown?.(os);
  expect(changes[0]).toMatchObject({
    breakdowns: [...state.breakdowns, { property: os }],
    filters: state.filters,
  });
});

test('says why a segment without a name is not split when there are as many breakdowns as can be', () => {
  const full = { ...state, breakdowns: Array.from({ length: 5 }, () => state.breakdowns).flat() };
  const actions = insightsActions({ type: 'group', text: 'Europe' }, full, () => undefined);
  expect(actions.breakDown).toBeUndefined();
  expect(actions.noBreakDown).toBe('5 breakdowns is the limit');
});
