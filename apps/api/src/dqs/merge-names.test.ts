import type { LqsNames } from '@arbor/schema/lqs';
import { expect, test } from 'vitest';
import { mergeNames, withComputed } from './merge-names.ts';

const none: LqsNames = { events: [], properties: [], values: [], groups: [], persons: 0, users: 0 };

test('adds counts of equal names and puts the most frequent first, ties by name', () => {
  const parts: LqsNames[] = [
    {
      ...none,
      events: [
        { name: 'View', count: 3 },
        { name: 'Buy', count: 2 },
      ],
      users: 2,
      persons: 1,
    },
    {
      ...none,
      events: [
        { name: 'Buy', count: 4 },
        { name: 'Add', count: 3 },
      ],
      users: 5,
      persons: 2,
    },
  ];
  expect(mergeNames(parts)).toEqual({
    ...none,
    events: [
      { name: 'Buy', count: 6 },
      { name: 'Add', count: 3 },
      { name: 'View', count: 3 },
    ],
    users: 7,
    persons: 3,
  });
});

test('unites the days of an event, and leaves them out where nobody knows them', () => {
  const of = (event: LqsNames['events'][number]): LqsNames => ({ ...none, events: [event] });
  const known = of({ name: 'Buy', count: 1, firstDay: 5, lastDay: 9 });
  const older = of({ name: 'Buy', count: 1 });
  expect(
    mergeNames([known, of({ name: 'Buy', count: 2, firstDay: 3, lastDay: 4 })]).events,
  ).toEqual([{ name: 'Buy', count: 3, firstDay: 3, lastDay: 9 }]);
  for (const parts of [
    [known, older],
    [older, known],
  ]) {
    expect(mergeNames(parts).events).toEqual([{ name: 'Buy', count: 2, firstDay: 5, lastDay: 9 }]);
  }
  expect(mergeNames([older, older]).events).toEqual([{ name: 'Buy', count: 2 }]);
});

test('keeps event and person properties of one name apart and unites their types', () => {
  const parts: LqsNames[] = [
    { ...none, properties: [{ scope: 'event', name: 'plan', types: ['string'], count: 1 }] },
    {
      ...none,
      properties: [
        { scope: 'event', name: 'plan', types: ['number', 'string'], count: 5 },
        { scope: 'person', name: 'plan', types: ['string'], count: 9 },
      ],
    },
  ];
  expect(mergeNames(parts).properties).toEqual([
    { scope: 'person', name: 'plan', types: ['string'], count: 9 },
    { scope: 'event', name: 'plan', types: ['number', 'string'], count: 6 },
  ]);
});

test('cuts values after they were added up', () => {
  const parts: LqsNames[] = [
    {
      ...none,
      values: [
        { text: 'x', count: 5 },
        { text: 'y', count: 3 },
      ],
    },
    { ...none, values: [{ text: 'y', count: 3 }] },
  ];
  expect(mergeNames(parts, 1).values).toEqual([{ text: 'y', count: 6 }]);
});

test('takes groups of one key once: every shard knows all of them', () => {
  const names = (count: number) => ({ groupKey: 'company', count, properties: [] });
  const team = { groupKey: 'team', count: 9, properties: [] };
  const { groups: _, ...older } = none;
  const parts: LqsNames[] = [
    older,
    { ...none, groups: [names(2)] },
    { ...none, groups: [names(3), team] },
  ];
  expect(mergeNames(parts).groups).toEqual([team, names(3)]);
});

test('tells of what is computed of everybody who is there, whatever clients sent under its name', () => {
  const first = { scope: 'person' as const, name: '$mp_first_event_time' };
  expect(withComputed(none)).toEqual(none);
  const sent = { ...first, types: ['string' as const], count: 2 };
  const plan = { scope: 'person' as const, name: 'plan', types: ['string' as const], count: 9 };
  const { properties } = withComputed({ ...none, users: 12, properties: [plan, sent] });
  expect(properties).toEqual([{ ...first, types: ['date'], count: 12 }, plan]);
});
