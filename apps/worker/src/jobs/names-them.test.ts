import { expect, test } from 'vitest';
import { createNamesThem } from './names-them.ts';

const names = createNamesThem(['ann', '42', 'o"brien', 'ann@example.com', '$device:77c0-ffee']);

test('knows an identifier as text and as number', () => {
  for (const one of ['ann', '42', 42]) expect(names.is(one)).toBe(true);
  for (const other of ['anna', 'Ann', 4, null, ['ann']]) expect(names.is(other)).toBe(false);
});

test('finds any identifier where identifiers stand, at any depth', () => {
  expect(names.value({ distinctId: 'ann' })).toBe(true);
  expect(names.value({ records: [{ properties: { $user_id: 42 } }] })).toBe(true);
  expect(names.value({ $distinct_ids: ['bob', 'ann'] })).toBe(true);
  expect(names.value({ distinctId: 'anna', receivedAt: 42, properties: { rooms: 42 } })).toBe(
    false,
  );
});

test('finds elsewhere only what can be nothing else: a short name or a number may mean anything', () => {
  expect(names.value({ plan: 'ann', price: 42, note: 'ann, 42' })).toBe(false);
  expect(names.value({ note: 'Wrote to <ann@example.com>.' })).toBe(true);
  expect(names.value({ url: 'https://example.com/u/ann@example.com?tab=1' })).toBe(true);
  expect(names.value({ 'ann@example.com': null })).toBe(true);
  expect(names.value({ note: 'joann@example.com and ann@example.community' })).toBe(false);
});

test('knows a device also without the prefix that its identifier has', () => {
  expect(names.value({ $device_id: '77c0-ffee' })).toBe(true);
});

test('finds identifiers in quotation marks and as numbers, as messages and cut JSON have them', () => {
  expect(names.text('not merged: "ann" has 500 identifiers')).toBe(true);
  expect(names.text('{"distinct_id":"o\\"brien","even')).toBe(true);
  expect(names.text('{"distinct_id":42,"even')).toBe(true);
  expect(names.text('ann came and "anna" went 421 times, or 4.2')).toBe(false);
  expect(names.text('a lonely \\" and "\\u00')).toBe(false);
});

test('finds identifiers of any characters, wherever no letter or digit goes on', () => {
  const odd = createNamesThem([
    'auth0|5f7c8ec7c33c',
    'Janet de Vries',
    'ada#1815.',
    '4917012345678',
    '(x)/12 34',
  ]);
  for (const note of [
    'called auth0|5f7c8ec7c33c twice',
    'https://example.com/u/auth0%7C5f7c8ec7c33c/edit',
    'Ms Janet de Vries, of Utrecht',
    '<ada#1815.>',
    'phone: 4917012345678.',
    'see (x)/12 34!',
  ]) {
    expect(odd.value({ note }), note).toBe(true);
    expect(odd.value({ note: odd.withoutWords(note) }), odd.withoutWords(note)).toBe(false);
  }
  for (const note of [
    'auth0|5f7c8ec7c33cd',
    'Janet de Vriesland',
    'ada#1815',
    '49170123456789',
    'Janet',
  ]) {
    expect(odd.value({ note }), note).toBe(false);
    expect(odd.withoutWords(note)).toBe(note);
  }
});

test('takes them out of texts for people and of expressions', () => {
  expect(names.withoutWords('# ann@example.com: what *ann@example.com* did, 42 times')).toBe(
    '# (erased): what *(erased)* did, 42 times',
  );
  expect(names.withoutQuoted('user == "ann" or user == "o\\"brien" or ann')).toBe(
    'user == "(erased)" or user == "(erased)" or ann',
  );
  expect(names.withoutQuoted('plan == "ann" or mail == "ann@example.com"')).toBe(
    'plan == "ann" or mail == "(erased)"',
  );
});
