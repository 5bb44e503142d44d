import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { PropertyRefInput, QueryInput } from '@arbor/schema/query';
import { planQuery } from '../plan/plan.ts';
import { rowNeeds } from './row-needs.ts';

const range = { from: '2024-03-04', to: '2024-03-10' };
const plays = { anyOf: [{ event: 'Play' }] };
const [startMs, endMs] = [Date.UTC(2024, 2, 4), Date.UTC(2024, 2, 11)];
const dayMs = 86_400_000;

/** What a breakdown of total plays by the property looks at. */
function needsOf(property: PropertyRefInput) {
  return needsOfQuery({
    type: 'insights',
    range,
    metrics: [{ selector: plays, measure: { type: 'total' } }],
    breakdowns: [{ property }],
  });
}

function needsOfQuery(asked: QueryInput) {
  const context = { timezone: 'UTC', weekStart: 1, nowMs: endMs };
  const { wants, personProperties } = rowNeeds(planQuery(querySchema.parse(asked), context));
  return {
    wants: wants.map((want) => [want.event, want.startMs, want.endMs, ...want.properties]),
    persons: [...personProperties],
  };
}

const event = (name: string) => ({ scope: 'event' as const, name });

test('a cast or a nested key needs the stored property', () => {
  expect(needsOf({ ...event('p'), path: ['a'], cast: 'number' })).toEqual({
    wants: [['Play', startMs, endMs, 'p']],
    persons: [],
  });
});

test('a formula needs what it reads; of persons, from the profile alone', () => {
  const expression = 'properties["a"] + user["b"]';
  const computed = { type: 'formula' as const, expression };
  expect(needsOf({ ...event('made'), computed })).toEqual({
    wants: [['Play', startMs, endMs, 'a']],
    persons: ['b'],
  });
  expect(needsOf({ scope: 'person', name: 'made', computed })).toEqual({
    wants: [['Play', startMs, endMs]],
    persons: ['a', 'b'],
  });
});

test('what is borrowed is looked for before the range', () => {
  const selector = { anyOf: [{ event: 'Signup' }] };
  expect(needsOf({ ...event('source'), computed: { type: 'borrowed', selector } }).wants).toEqual([
    ['Signup', startMs - 7 * dayMs, endMs, 'source'],
    ['Play', startMs, endMs],
  ]);
});

test('what later steps of a funnel borrow is looked for as long as they may come', () => {
  const selector = { anyOf: [{ event: 'Signup' }] };
  const property = { ...event('source'), computed: { type: 'borrowed' as const, selector } };
  const { wants } = needsOfQuery({
    type: 'funnel',
    range,
    steps: [{ anyOf: [{ event: 'Open' }] }, plays],
    window: { value: 2, unit: 'day' },
    breakdowns: [{ property }],
  });
  expect(wants).toContainEqual(['Signup', startMs - 7 * dayMs, endMs + 2 * dayMs, 'source']);
});

test('what events before the range borrow is looked for before them', () => {
  const selector = { anyOf: [{ event: 'Signup' }] };
  const property = { ...event('source'), computed: { type: 'borrowed' as const, selector } };
  const { wants } = needsOfQuery({
    type: 'insights',
    range,
    metrics: [{ selector: plays, measure: { type: 'wau' } }],
    breakdowns: [{ property }],
  });
  expect(wants).toContainEqual(['Signup', startMs - 13 * dayMs, endMs, 'source']);
});

test('touches are any events that look back from the range', () => {
  const computed = { type: 'attributed' as const, model: { type: 'last' as const } };
  expect(needsOf({ ...event('source'), computed }).wants).toEqual([
    [null, startMs - 30 * dayMs, endMs, 'source'],
    ['Play', startMs, endMs, 'source'],
  ]);
});

test('the time to the next event needs the same events, whenever they are', () => {
  expect(needsOf({ ...event('next'), computed: { type: 'until_next' } }).wants).toEqual([
    ['Play', startMs, endMs],
    ['Play', startMs, 8.64e15],
  ]);
});
