import { expect, test } from 'vitest';
import { nodeKey, otherKey, parseNodeKey } from './flow-keys.ts';

const place = { anchor: 1, step: -2 };
const expanded = { event: 'A', value: { type: 'number' as const, text: '1' } };

test('a key says which node it is of', () => {
  const key = parseNodeKey(nodeKey(place, { event: 'A' }));
  expect(key).toMatchObject(place);
  expect(key?.has({ event: 'A' })).toBe(true);
  expect(key?.has({ event: 'B' })).toBe(false);
  expect(key?.has(expanded)).toBe(false);
});

test('a value is part of its node, with its type', () => {
  const key = parseNodeKey(nodeKey(place, expanded));
  expect(key?.has(expanded)).toBe(true);
  expect(key?.has({ event: 'A', value: { type: 'string', text: '1' } })).toBe(false);
});

test('other events are all that have no node of their own', () => {
  const key = parseNodeKey(otherKey(place, [{ event: 'A' }, expanded]));
  expect(key).toMatchObject(place);
  expect(key?.has({ event: 'A' })).toBe(false);
  expect(key?.has(expanded)).toBe(false);
  expect(key?.has({ event: 'B' })).toBe(true);
});

test('any other text is no key', () => {
  for (const text of ['', 'A', '{}', '[]', '["a",1,"A"]', '[0,1,2]']) {
    expect(parseNodeKey(text)).toBe(null);
  }
});
