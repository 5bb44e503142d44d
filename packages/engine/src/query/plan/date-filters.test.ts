import { expect, test } from 'vitest';
import type { FilterOperator, FilterValue, TimeUnit } from '@arbor/schema/query';
import { planScope } from './conditions.ts';
import { planFilters } from './filters.ts';
import { noDefinitions } from './plan-scope.ts';

const timezone = 'America/New_York';

/** Wednesday 2024-03-13 10:30 in New York, three days after the clocks went forward. */
const scope = planScope({
  calendar: { timezone, weekStart: 1 },
  nowMs: Date.parse('2024-03-13T10:30:00-04:00'),
  definitions: noDefinitions,
  list: () => {
    throw new Error('no test plans a list');
  },
});

function plan(operator: FilterOperator, values: FilterValue[], unit?: TimeUnit) {
  const property = { scope: 'event' as const, name: 'at' };
  return planFilters(
    [{ type: 'property', property, operator, values, ...(unit && { unit }) }],
    scope,
  )[0];
}

function spanOf(operator: FilterOperator, values: FilterValue[], unit?: TimeUnit) {
  const planned = plan(operator, values, unit);
  if (planned.type !== 'property') throw new Error('a filter on dates is one on a property');
  expect(planned).toMatchObject({ timezone });
  const text = (ms: FilterValue): string => {
    if (Math.abs(Number(ms)) === 8.64e15) return 'ever';
    return new Date(Number(ms)).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length);
  };
  return [planned.operator, ...planned.values.map(text)];
}

test.each<[FilterOperator, FilterValue[], TimeUnit | undefined, string[]]>([
  ['was_on', ['2024-03-10'], undefined, ['in_span', '2024-03-10T05:00', '2024-03-11T04:00']],
  [
    'was_not_on',
    ['2024-03-10'],
    undefined,
    ['not_in_span', '2024-03-10T05:00', '2024-03-11T04:00'],
  ],
  ['was_before', ['2024-03-10'], undefined, ['in_span', 'ever', '2024-03-10T05:00']],
  ['was_since', ['2024-03-10T12:00:00'], undefined, ['in_span', '2024-03-10T16:00', 'ever']],
  [
    'was_between',
    ['2024-03-09', '2024-03-10'],
    undefined,
    ['in_span', '2024-03-09T05:00', '2024-03-11T04:00'],
  ],
  ['was_in_last', [1], 'day', ['in_span', '2024-03-13T04:00', '2024-03-14T04:00']],
  ['was_in_last', [7], 'day', ['in_span', '2024-03-07T05:00', '2024-03-14T04:00']],
  ['was_not_in_last', [2], 'week', ['not_in_span', '2024-03-04T05:00', '2024-03-18T04:00']],
  ['was_in_last', [2], 'month', ['in_span', '2024-02-01T05:00', '2024-04-01T04:00']],
  ['was_in_next', [1], 'day', ['in_span', '2024-03-13T14:30', '2024-03-14T04:00']],
  ['was_in_next', [3], 'day', ['in_span', '2024-03-13T14:30', '2024-03-16T04:00']],
  ['was_in_next', [2], 'month', ['in_span', '2024-03-13T14:30', '2024-05-01T04:00']],
])('%s %j %s is a span of instants in the zone of the project', (operator, values, unit, span) => {
  expect(spanOf(operator, values, unit)).toEqual(span);
});

test.each<[FilterOperator, FilterValue[], TimeUnit | undefined, string]>([
  ['was_on', [5], undefined, 'filter on "at": was on takes one date, not [5]'],
  ['was_on', ['2024-02-30'], undefined, '"2024-02-30" is not a date or a time of the calendar'],
  [
    'was_between',
    ['2024-03-10'],
    undefined,
    'filter on "at": was between takes two dates, first and last, not ["2024-03-10"]',
  ],
  [
    'was_between',
    ['2024-03-11', '2024-03-10'],
    undefined,
    'the range ends before it starts: from 2024-03-11 to 2024-03-10',
  ],
  [
    'was_in_last',
    [1.5],
    'day',
    'filter on "at": was in last takes one whole number from 1 to 36600, not [1.5]',
  ],
  ['was_in_last', [1], undefined, 'filter on "at": was in last needs a unit, such as day'],
])('refuses %s %j %s', (operator, values, unit, message) => {
  expect(() => plan(operator, values, unit)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUERY', message }),
  );
});
