import { expect, it } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { decodeState, encodeState } from '#report/url-state.ts';
import { newCohort, type CohortState } from './definition.ts';
import { sizesCsv, sizeView } from './model.ts';
import { cohortPageSchema, cohortQuery, initialPage } from './state.ts';

const bucket = (day: string, incomplete: boolean) => ({
  start: `2026-03-${day}T00:00:00+01:00`,
  startMs: 0,
  endMs: 1,
  incomplete,
});
const members: CohortState = {
  join: 'all',
  groups: [{ match: 'all', conditions: [{ type: 'cohort', operator: 'in', id: 'c1' }] }],
};

it('draws the size as of the end of each bucket, and gives it to the CSV', () => {
  const view = sizeView(
    {
      type: 'cohort',
      users: 3,
      sizes: { buckets: [bucket('01', false), bucket('02', true)], users: [2, 3] },
    },
    'day',
  );
  expect(view.users).toBe(3);
  expect(view.buckets.map(({ incomplete }) => incomplete)).toEqual([false, true]);
  expect(sizesCsv(view)).toEqual([
    ['As of the end of', 'Users'],
    ['Sun 1 Mar 2026', 2],
    ['Mon 2 Mar 2026', 3],
  ]);
});

it('asks for the size now and over the range, once there is a condition', () => {
  const query = cohortQuery(members, initialPage, 'UTC', Date.UTC(2026, 0, 31));
  expect(querySchema.safeParse(query).success).toBe(true);
  expect(query?.over).toEqual({ range: { from: '2026-01-02', to: '2026-01-31' }, unit: 'day' });
  expect(cohortQuery(newCohort, initialPage, 'UTC', 0)).toBeNull();
});

it('keeps what is edited in the URL', () => {
  const state = { ...initialPage, edited: members };
  expect(decodeState(cohortPageSchema, encodeState(state))).toEqual(state);
});
