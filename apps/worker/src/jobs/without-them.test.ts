import { cohortDefinitionSchema } from '@arbor/schema/definitions';
import { expect, test } from 'vitest';
import { createNamesThem } from './names-them.ts';
import { withoutThem } from './without-them.ts';

const names = createNamesThem(['ann', '5', 'all', 'equals', 'ann@example.com']);

const property = (name: string, values: unknown[]) => ({
  type: 'property',
  property: { scope: 'event', name },
  operator: 'equals',
  values,
});

test('replaces identifiers in filters, lists of users, expressions and titles', () => {
  const given = {
    name: 'What ann@example.com did',
    filters: [
      property('city', ['ann', 'ann@example.com', 'Rome']),
      property('$user_id', ['ann', 5, 6]),
    ],
    cohort: { type: 'users', ids: ['ann', 'bob'] },
    computed: { type: 'formula', expression: 'if(user == "ann", 1, 5)' },
  };
  expect(withoutThem(given, names)).toEqual({
    name: 'What (erased) did',
    filters: [
      property('city', ['ann', '(erased)', 'Rome']),
      property('$user_id', ['(erased)', '(erased)', 6]),
    ],
    cohort: { type: 'users', ids: ['(erased)', 'bob'] },
    computed: { type: 'formula', expression: 'if(user == "(erased)", 1, 5)' },
  });
});

test('leaves numbers and words of the language alone that an erased user was called by', () => {
  const definition = {
    type: 'live',
    filters: [
      {
        type: 'behavior',
        selector: { anyOf: [{ event: 'all', filters: [property('rooms', [5])] }] },
        measure: { type: 'count' },
        count: { operator: 'at_least', value: 5 },
        span: { type: 'last', days: 5, unit: 'day' },
      },
    ],
  };
  expect(withoutThem(definition, names)).toBe(definition);
  expect(cohortDefinitionSchema.safeParse(definition).success).toBe(true);
});

test('leaves the event alone that a report is about, also where a user was called like it', () => {
  const them = createNamesThem(['Page viewed', 'Ann Smith-7']);
  const given = {
    name: 'Page viewed by Ann Smith-7',
    metrics: [
      { selector: { anyOf: [{ event: 'Page viewed' }, { event: 'Page viewed twice' }] } },
      { selector: { anyOf: [{ event: 'Call of Ann Smith-7' }] } },
    ],
    filters: [property('$user_id', ['Page viewed'])],
  };
  expect(withoutThem(given, them)).toEqual({
    name: '(erased) by (erased)',
    metrics: [
      { selector: { anyOf: [{ event: 'Page viewed' }, { event: 'Page viewed twice' }] } },
      { selector: { anyOf: [{ event: 'Call of (erased)' }] } },
    ],
    filters: [property('$user_id', ['(erased)'])],
  });
});
