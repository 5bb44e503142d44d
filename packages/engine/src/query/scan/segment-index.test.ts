import { expect, test } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { ScanDictionary } from './scan-source.ts';
import { SegmentIndex, severalSegments } from './segment-index.ts';

const dictionary = (...values: PropertyValue[]): ScanDictionary => ({
  values: [null, ...values],
  numbers: new Float64Array(values.length + 1),
});

const texts = (index: SegmentIndex, own: ScanDictionary): string[] =>
  Array.from(index.of(own).byCode, (number) => {
    const { type, text } = index.segment(number);
    return `${type} ${text}`;
  });

test('the same value has the same number in every dictionary', () => {
  const index = new SegmentIndex('item');
  const [x] = index.of(dictionary('x', 'y')).byCode.subarray(1);
  expect(index.of(dictionary('z', 'x')).byCode[2]).toBe(x);
});

test('types are kept apart, and what is missing is one segment', () => {
  const own = dictionary(1, '1', true, 'true', '', null, { k: 1 }, []);
  expect(texts(new SegmentIndex('item'), own)).toEqual([
    'not_set (not set)',
    'number 1',
    'string 1',
    'boolean true',
    'string true',
    'empty_string (empty string)',
    'not_set (not set)',
    'json {"k":1}',
    'not_set (not set)',
  ]);
});

test('a list lies in the segment of each item, once', () => {
  const index = new SegmentIndex('item');
  const own = index.of(dictionary('x', 'y', ['x', 'y', 'x'], ['y', 'y']));
  const [, x, y, both, one] = own.byCode;
  expect(both).toBe(severalSegments);
  expect(own.several.get(3)).toEqual([x, y]);
  expect(one).toBe(y);
});

test('a text that looks like the name of a segment is a text', () => {
  const index = new SegmentIndex('item');
  const own = dictionary('(not set)');
  expect(index.of(own).byCode[1]).not.toBe(index.of(own).byCode[0]);
});

test('a later index takes up the numbers that a dictionary has', () => {
  const own = dictionary('x', 'y');
  const first = new SegmentIndex('item').of(own);
  const later = new SegmentIndex('item');
  expect(later.of(own)).toBe(first);
  expect(later.of(dictionary('y')).byCode[1]).toBe(first.byCode[2]);
});

test('a value that comes before any dictionary takes up those numbers too', () => {
  const own = dictionary('u', 'v');
  const first = new SegmentIndex('item').of(own);
  const later = new SegmentIndex('item');
  expect(later.ofValue('v')).toBe(first.byCode[2]);
  expect(later.of(own)).toBe(first);
});
