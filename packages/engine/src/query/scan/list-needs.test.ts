import { querySchema } from '@arbor/schema/query';
import type { Measure } from '@arbor/schema/query';
import { expect, it } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import type { ListPlan } from '../plan/plan-types.ts';
import { rowNeeds } from './row-needs.ts';

const dayMs = 86_400_000;
const first = Date.UTC(2024, 2, 1);

function listPlan(measure: Pick<Measure, 'type'>, bucket: number | null): ListPlan {
  const question = querySchema.parse({
    type: 'list',
    of: {
      type: 'insights',
      range: { from: '2024-03-01', to: '2024-03-09' },
      metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure }],
    },
    point: { type: 'insights', metric: 0, bucket },
    columns: ['$name'],
  });
  return planQuery(question, { timezone: 'UTC', weekStart: 1, nowMs: first }) as ListPlan;
}

/** Days of March, the last one exclusive, by event. */
function wanted(plan: ListPlan): [string | null, number, number][] {
  return rowNeeds(plan).wants.map(({ event, startMs, endMs }) => [
    event,
    1 + (startMs - first) / dayMs,
    1 + (endMs - first) / dayMs,
  ]);
}

it('reads no more than the bucket of a number', () => {
  expect(wanted(listPlan({ type: 'unique' }, 3))).toEqual([['A', 4, 5]]);
  expect(wanted(listPlan({ type: 'unique' }, null))).toEqual([['A', 1, 10]]);
});

it('reads the window of active users, and all since the start of running ones', () => {
  expect(wanted(listPlan({ type: 'wau' }, 3))).toEqual([['A', -2, 5]]);
  expect(wanted(listPlan({ type: 'cumulative_unique' }, 3))).toEqual([['A', 1, 5]]);
});

it('reads the columns that users come with', () => {
  expect([...rowNeeds(listPlan({ type: 'unique' }, 3)).personProperties]).toEqual(['$name']);
});

it('reads of chosen events the days that they lie on, each event by itself', () => {
  const plan = listPlan({ type: 'unique' }, null);
  const key = (event: string, day: number) => {
    return { user: 'u', event, timeMs: first + (day - 1) * dayMs + 7, rank: 0 };
  };
  const keys = [key('A', 5), key('A', 2), key('A', 3), key('B', 9), key('A', 2)];
  const chosen = { ...plan, chosen: { keys, properties: ['p'] } };
  expect(wanted(chosen)).toEqual([
    ['A', 2, 4],
    ['A', 5, 6],
    ['B', 9, 10],
  ]);
  expect(rowNeeds(chosen).wants.map(({ properties }) => [...properties])).toEqual([
    ['p'],
    ['p'],
    ['p'],
  ]);
});

it('reads all events around the chosen ends of sessions', () => {
  const plan = listPlan({ type: 'unique' }, null);
  const keys = [{ user: 'u', event: '$session_end', timeMs: first + 4 * dayMs, rank: 0 }];
  expect(wanted({ ...plan, chosen: { keys, properties: [] } })).toEqual([[null, 2, 8]]);
});

it('reads an event that a client named like those of sessions under its own name', () => {
  const plan = listPlan({ type: 'unique' }, null);
  const keys = [{ user: 'u', event: '$session_end (sent)', timeMs: first, rank: 0 }];
  expect(wanted({ ...plan, chosen: { keys, properties: [] } })).toEqual([['$session_end', 1, 2]]);
});
