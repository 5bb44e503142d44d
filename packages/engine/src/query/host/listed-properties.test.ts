import type { ListPlan } from '../plan/plan-types.ts';
import type { ProjectSnapshot, SegmentPart } from '../scan/project-snapshot.ts';
import { querySchema } from '@arbor/schema/query';
import { expect, it } from 'vitest';
import { planQuery } from '../plan/plan.ts';
import { withPropertyNames } from './listed-properties.ts';

const dayMs = 86_400_000;
const plan = planQuery(
  querySchema.parse({
    type: 'list',
    of: {
      type: 'insights',
      range: { from: '2024-03-01', to: '2024-03-09' },
      metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
  }),
  { timezone: 'UTC', weekStart: 1, nowMs: 0 },
) as ListPlan;

function chosen(event: string, day: number): ListPlan {
  const keys = [{ user: 'u', timeMs: day * dayMs + 5, event, rank: 0 }];
  return { ...plan, chosen: { keys, properties: null } };
}

/** A day on which events A and B have these properties. */
function day(number: number, names: readonly string[]): ProjectSnapshot['days'][number] {
  const part: SegmentPart = {
    type: 'segment',
    id: `${number}`,
    path: '',
    rowCount: 2,
    hiddenRows: new Uint32Array(0),
    events: ['A', 'B'].map((name) => ({ name, rowCount: 1, userCount: 1 })),
    propertyNames: () => names,
  };
  return { day: number, parts: [part] };
}

function snapshotOf(...days: ProjectSnapshot['days']): ProjectSnapshot {
  const none = new Uint32Array(0);
  return {
    project: 1,
    shard: 0,
    users: { count: 0, bytes: new Uint8Array(0), ends: new Uint32Array(1) },
    redirects: { losers: none, winners: none, ranks: none },
    days,
    personProperty: () => undefined,
  };
}

function namesOf(asked: ListPlan, snapshot: ProjectSnapshot) {
  return withPropertyNames(asked, [snapshot]).map((one) =>
    one.type === 'list' ? one.chosen?.properties : undefined,
  );
}

it('names the properties of the days of the events, and of no other', () => {
  const snapshot = snapshotOf(day(3, ['x']), day(4, ['q', 'p']), day(5, ['y']));
  expect(namesOf(chosen('A', 4), snapshot)).toEqual([['p', 'q']]);
});

it('asks for some at a time where there are many', () => {
  const names = Array.from({ length: 100 }, (_, i) => `p${i + 100}`);
  const lists = namesOf(chosen('A', 4), snapshotOf(day(4, names)));
  expect(lists.map((list) => list?.length)).toEqual([48, 48, 4]);
  expect(lists.flat()).toEqual(names);
});

it('also names what is worked out of sessions', () => {
  expect(namesOf(chosen('$session_end', 4), snapshotOf(day(4, ['p'])))).toEqual([
    ['$duration_s', '$event_count', '$origin_end', '$origin_start', 'p'],
  ]);
});

it('leaves any other plan as it is', () => {
  expect(withPropertyNames(plan, [snapshotOf()])).toEqual([plan]);
});
