import { expect, test } from 'vitest';
import { segmentFilter } from './segment-filter.ts';

const property = { scope: 'event', name: 'plan' } as const;

test.each([
  ['string', 'pro', { kind: 'text', operator: 'equals', values: ['pro'] }],
  ['empty_string', '', { kind: 'text', operator: 'equals', values: [''] }],
  ['number', '12.5', { kind: 'number', operator: 'equals', values: [12.5] }],
  ['boolean', 'true', { kind: 'boolean', operator: 'is_true', values: [] }],
  ['boolean', 'false', { kind: 'boolean', operator: 'is_false', values: [] }],
  ['not_set', '(not set)', { kind: 'text', operator: 'is_not_set', values: [] }],
] as const)('keeps a segment of type %s, %s', (type, text, filter) => {
  expect(segmentFilter(property, { type, text }, true)).toEqual({ property, ...filter });
});

test('leaves a segment out', () => {
  const without = segmentFilter(property, { type: 'string', text: 'pro' }, false);
  expect(without).toMatchObject({ operator: 'does_not_equal', values: ['pro'] });
  expect(segmentFilter(property, { type: 'not_set', text: '' }, false)).toMatchObject({
    operator: 'is_set',
  });
});

test('is none for what one filter cannot say', () => {
  expect(segmentFilter(property, { type: 'range', text: '0 – 10' }, true)).toBeNull();
  expect(segmentFilter(property, { type: 'combination', text: 'a, b' }, true)).toBeNull();
});
