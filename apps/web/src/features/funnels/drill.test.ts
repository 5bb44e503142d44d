import { expect, test } from 'vitest';
import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import { funnelDrill } from './drill.ts';
import { funnelView } from './model.ts';

const step = (count: number): FunnelStepResult => ({
  count,
  averageFromEntryMs: null,
  medianFromEntryMs: null,
  averageFromPreviousMs: null,
  medianFromPreviousMs: null,
});
const result: FunnelResult = {
  type: 'funnel',
  steps: [step(200), step(100), step(100)],
  segments: [{ segment: { type: 'string', text: 'web' }, steps: [step(20), step(5), step(0)] }],
  segmentCount: 1,
  stillOpen: 0,
};
const view = funnelView({
  result,
  stepNames: ['View', 'Cart', 'Order'],
  selected: null,
  counting: 'unique',
});
const web = view.rows[1] ?? view.overall;

test('offers who got to a step, and who dropped off before it', () => {
  const { lists = [], value } = funnelDrill(view, view.overall, 1, 'reached') ?? {};
  expect(value).toBe(100);
  expect(lists.map(({ title, count }) => [title, count])).toEqual([
    ['Reached step 2, Cart', 100],
    ['Reached step 2, Cart', null],
    ['Dropped off before step 2, Cart', 100],
    ['Dropped off before step 2, Cart', null],
  ]);
  expect(lists[2]?.point).toMatchObject({ step: 1, outcome: 'dropped', segment: null });
});

test('begins with those who dropped off where their part was clicked', () => {
  expect(funnelDrill(view, web, 1, 'dropped')).toMatchObject({
    value: 15,
    lists: [{ title: 'Dropped off before step 2, Cart, web', count: 15 }, {}, { count: 5 }, {}],
  });
});

test('offers nobody where there is nobody', () => {
  expect(funnelDrill(view, web, 2, 'reached')).toBeNull();
  expect(funnelDrill(view, view.overall, 2, 'dropped')).toBeNull();
  expect(funnelDrill(view, view.overall, 0, 'dropped')).toBeNull();
  expect(funnelDrill(view, view.overall, 0, 'reached')?.lists).toHaveLength(2);
});
