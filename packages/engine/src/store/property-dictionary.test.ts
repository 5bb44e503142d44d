import type { PropertyValue } from '@arbor/schema/property-value';
import { describe, expect, it } from 'vitest';
import { PropertyDictionary } from './property-dictionary.ts';
import { isDateText } from './value-type.ts';

describe('property dictionary', () => {
  it('keeps types apart', () => {
    const dictionary = new PropertyDictionary();
    const values: PropertyValue[] = [
      1,
      '1',
      true,
      [1],
      ['1'],
      { a: 1 },
      null,
      'null',
      false,
      '',
      0,
    ];
    const codes = values.map((value) => dictionary.codeOf(value));
    expect(codes).toStrictEqual(values.map((_, i) => i + 1));
    expect(values.map((value) => dictionary.codeOf(value))).toStrictEqual(codes);
    expect(codes.map((code) => dictionary.values[code])).toStrictEqual(values);
  });

  it('takes equal values for one', () => {
    const dictionary = new PropertyDictionary();
    expect(dictionary.codeOf({ a: [1], b: { c: 1, d: 2 } })).toBe(
      dictionary.codeOf({ b: { d: 2, c: 1 }, a: [1] }),
    );
    expect(dictionary.codeOf(-0)).toBe(dictionary.codeOf(0));
    expect(dictionary.codeOf([1, 2])).not.toBe(dictionary.codeOf([2, 1]));
    expect(dictionary.codeOf(Number.NaN)).toBe(dictionary.codeOf(Number.NaN));
  });

  it('finds each of many numbers again', () => {
    const dictionary = new PropertyDictionary();
    const numbers = Array.from({ length: 3000 }, (_, i) => (i - 1500) / 7);
    const codes = numbers.map((number) => dictionary.codeOf(number));
    expect(new Set(codes).size).toBe(3000);
    expect(numbers.map((number) => dictionary.codeOf(number))).toStrictEqual(codes);
  });
});

describe('date', () => {
  it('is a string of one of two forms', () => {
    const dates = ['2024-03-04', '2024-03-04T23:59:59', '2024-12-31'];
    const others = [
      '2024-13-04',
      '2024-03-04T24:00:00',
      '2024-3-4',
      '20240304',
      '2024-03-04T10:00',
      '',
    ];
    expect(dates.filter(isDateText)).toStrictEqual(dates);
    expect(others.filter(isDateText)).toStrictEqual([]);
  });
});
