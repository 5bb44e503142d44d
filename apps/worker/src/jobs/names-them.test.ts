import { expect, test } from 'vitest';
import { createNamesThem } from './names-them.ts';

const names = createNamesThem(['ann', '42', 'o"brien']);

test('finds identifiers as whole texts, numbers and names of members, at any depth', () => {
  expect(names.value('ann')).toBe(true);
  expect(names.value({ a: [{ b: 'ann' }] })).toBe(true);
  expect(names.value({ a: 42 })).toBe(true);
  expect(names.value({ ann: null })).toBe(true);
  expect(names.value(['anna', 'joanna', 4, 421, null, true, {}])).toBe(false);
});

test('finds identifiers in quotation marks, as messages and cut JSON have them', () => {
  expect(names.text('not merged: "ann" has 500 identifiers')).toBe(true);
  expect(names.text('{"distinct_id":"o\\"brien","even')).toBe(true);
  expect(names.text('ann came and "anna" went')).toBe(false);
  expect(names.text('a lonely \\" and "\\u00')).toBe(false);
});
