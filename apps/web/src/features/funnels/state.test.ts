import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { decodeState, encodeState } from '#report/url-state.ts';
import {
  closedBefore,
  funnelQuery,
  funnelStateSchema,
  initialState,
  leftOut,
  withMovedStep,
  withoutStep,
  type ExclusionState,
  type FunnelState,
} from './state.ts';

const now = Date.UTC(2026, 2, 30, 12);
const step = (event?: string) => ({ ...(event === undefined ? {} : { event }), filters: [] });
const state: FunnelState = {
  ...initialState,
  range: { from: '2026-03-01', to: '2026-03-07' },
  steps: [step('View'), step(), step('Cart'), step('Order')],
};
const refund = { event: 'Refund', filters: [], from: 2, to: null };

test('exclusions name the steps as the query has them, and are left out where it lacks one', () => {
  const excluding: FunnelState = {
    ...state,
    exclusions: [
      refund,
      { ...refund, from: 1, to: 3 },
      { filters: [], from: null, to: null },
      { ...refund, from: null },
    ],
  };
  const selector = { anyOf: [{ event: 'Refund', filters: [] }] };
  expect(funnelQuery(excluding, 'UTC', now)?.exclusions).toEqual([
    { selector, from: 1, to: 2 },
    { selector, from: 0, to: 2 },
  ]);
  expect(leftOut(excluding)).toEqual({ filters: 0, steps: 1, exclusions: 2 });
});

test('each view asks for what it draws, and all of them are queries that the server accepts', () => {
  const asked = (view: FunnelState['view']) => funnelQuery({ ...state, view }, 'UTC', now);
  expect(asked('steps')).not.toHaveProperty('unit');
  expect(asked('trend')).toMatchObject({ unit: 'day', trends: true });
  expect(asked('time')).toMatchObject({ distribution: { from: 0, to: 2 }, times: { to: 2 } });
  for (const view of ['steps', 'trend', 'time'] as const) {
    expect(querySchema.safeParse(asked(view)).success).toBe(true);
  }
});

test('how steps are counted is asked for, and stands in the URL', () => {
  const counted: FunnelState = {
    ...state,
    counting: 'totals',
    order: 'strict',
    graceMs: 2000,
    hold: [{ scope: 'event', name: 'cart' }],
    control: { type: 'string', text: 'Germany' },
  };
  const query = funnelQuery(counted, 'UTC', now);
  expect(query).toMatchObject({
    counting: 'totals',
    order: 'strict',
    graceMs: 2000,
    hold: [{ name: 'cart' }],
    control: { text: 'Germany' },
  });
  expect(querySchema.safeParse(query).success).toBe(true);
  expect(decodeState(funnelStateSchema, encodeState(counted))).toEqual(counted);
});

test('a window is over after its length, that of sessions after a day', () => {
  expect(now - closedBefore({ ...state, window: { value: 2, unit: 'week' } }, now)).toBe(
    14 * 86_400_000,
  );
  expect(now - closedBefore({ ...state, counting: 'sessions' }, now)).toBe(86_400_000);
});

test('exclusions stay between the steps that they were between', () => {
  const steps = ['A', 'B', 'C', 'D'].map((event) => ({ event, filters: [] }));
  const between = (from: number | null, to: number | null): ExclusionState => ({
    event: 'X',
    filters: [],
    from,
    to,
  });
  const { attribution } = initialState;
  const state = { steps, exclusions: [between(1, 2), between(null, 3)], attribution };
  const named = ({ steps: own, exclusions }: Pick<FunnelState, 'steps' | 'exclusions'>): unknown =>
    exclusions.map(({ from, to }) =>
      [from, to].map((place) => (place === null ? null : own[place]?.event)),
    );
  expect(named(withMovedStep(state, 3, 0))).toEqual([
    ['B', 'C'],
    [null, 'D'],
  ]);
  expect(named(withMovedStep(state, 0, 2))).toEqual([
    ['B', 'C'],
    [null, 'D'],
  ]);
  expect(named(withoutStep(state, 0))).toEqual([
    ['B', 'C'],
    [null, 'D'],
  ]);
  expect(named(withoutStep(state, 2))).toEqual([
    ['B', null],
    [null, 'D'],
  ]);
  // Turned around there is nothing between: it is left out and said.
  const turned = { ...initialState, ...withMovedStep(state, 3, 0) };
  expect(leftOut(turned).exclusions).toBe(1);
  expect(decodeState(funnelStateSchema, encodeState(turned))).toEqual(turned);
});

test('asks for the order, the attempt and the step that were chosen', () => {
  const query = (change: Partial<FunnelState>) =>
    funnelQuery({ ...state, ...change }, 'Europe/Berlin', now);
  expect(query({ order: 'anchored' })).toMatchObject({ order: 'any', anchors: [0] });
  expect(query({ order: 'strict' })).not.toHaveProperty('anchors');
  expect(query({ reentry: 'latest' })).toMatchObject({ entry: 'first', reentry: 'optimized' });
  expect(query({ reentry: 'best' })).toMatchObject({ entry: 'any', reentry: 'default' });
  const breakdowns: FunnelState['breakdowns'] = [{ property: { scope: 'event', name: 'plan' } }];
  expect(query({ attribution: 'last' })).toMatchObject({ attribution: { type: 'first' } });
  expect(query({ breakdowns, attribution: 'last' })).toMatchObject({
    attribution: { type: 'last' },
  });
  // The second step is not chosen yet: the third of the builder is the second of the query.
  expect(query({ breakdowns, attribution: 2 })).toMatchObject({
    attribution: { type: 'step', step: 1 },
  });
  expect(query({ breakdowns, attribution: 1 })).toMatchObject({ attribution: { type: 'first' } });
  for (const change of [{ order: 'anchored' }, { breakdowns, attribution: 2 }] as const) {
    expect(querySchema.safeParse(query({ ...change })).success).toBe(true);
  }
});

test('the step whose values are segments moves with the others, and gives way when it goes', () => {
  const attributed: FunnelState = { ...state, attribution: 2 };
  expect(withMovedStep(attributed, 3, 0).attribution).toBe(3);
  expect(withoutStep(attributed, 0).attribution).toBe(1);
  expect(withoutStep(attributed, 2).attribution).toBe('first');
  expect(withoutStep({ ...state, attribution: 'last' }, 2).attribution).toBe('last');
});
