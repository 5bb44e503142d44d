import { describe, expect, it } from 'vitest';
import { parseApiExpression, parseSegmentation } from '../src/expression.ts';
import { passes, segmentsOf } from '../src/row-result.ts';
import { api, errorOf, evaluate } from './evaluate.ts';

/** `query-api.md` 19.3; `q` is missing. */
const event = { n: 5, s: 'abc', t: true, l: ['x', 'y'] };

describe('query-api.md 19.3', () => {
  it.each([
    ['properties["n"] > 3 and properties["s"] == "abc"', true],
    ['properties["n"] == "5"', false],
    ['string(properties["n"]) == "5"', true],
    ['number("12x")', undefined],
    ['"b" in properties["s"]', true],
    ['properties["n"] in [1,5]', true],
    ['"x" in properties["l"]', true],
    ['not properties["q"]', true],
    ['not defined(properties["q"])', true],
    ['properties["q"] != 1', true],
    ['properties["q"] > 1', undefined],
    ['properties["q"] or properties["t"]', true],
    ['-7 % 3', -1],
    ['properties["n"] / 0', undefined],
    ['floor(properties["n"] / 2)', 2],
    ['"a" + 1', undefined],
    ['properties["n"] + 1 * 2', 7],
  ])('%s', (text, result) => {
    expect(api(text, event)).toBe(result);
  });

  it('refuses `properties["s"] and true`', () => {
    const error = errorOf(() => api('properties["s"] and true', event));
    expect(error.code).toBe('not-boolean');
    expect(error.message).toBe(
      'character 1: found a value of type string, expected true, false or a missing value beside "and"; boolean(…) makes one',
    );
  });

  it('compares the time of the event with a datetime', () => {
    const where = parseApiExpression('event["$time"] >= datetime("2024-03-05T00:00:00")');
    const at = (ms: number) => evaluate(where, { event: { $time: ms / 1000 } });
    expect(at(Date.UTC(2024, 2, 5))).toBe(true);
    expect(at(Date.UTC(2024, 2, 5) - 1)).toBe(false);
  });
});

describe('query-api.md 19.2', () => {
  it.each([
    ['7 - 2', 5],
    ['"7" - 2', undefined],
    ['2 * 3.5', 7],
    ['true * 2', undefined],
    ['7 / 2', 3.5],
    ['0 / 0', undefined],
    ['7 % 3', 1],
    ['7.5 % 2', 1.5],
    ['7 % 0', undefined],
    ['1e308 * 10', undefined],
    ['1 + 2', 3],
    ['"a" + "b"', 'ab'],
    ['undefined + 1', undefined],
    ['"abc" == "ABC"', false],
    ['"abc" != "ABC"', true],
    ['1 == true', false],
    ['null == undefined', false],
    ['null == null', true],
    ['undefined == undefined', true],
    ['undefined == 1', false],
    ['[1, [2, "a"]] == [1, [2, "a"]]', true],
    ['[1, 2] == [2, 1]', false],
    ['[1, 2] == [1, 2, 3]', false],
    ['"b" > "a"', undefined],
    ['2 > 1', true],
    ['1 >= 1', true],
    ['1 < 1', false],
    ['1 <= 1', true],
    ['null < 1', undefined],
    ['"B" in "abc"', false],
    ['1 in "1"', undefined],
    ['"1" in 1', undefined],
    ['"5" in [5]', false],
    ['null in [null]', true],
    ['[1] in [[1], 2]', true],
    ['true and undefined', false],
    ['undefined or undefined', false],
    ['false or false or true', true],
    ['true and true and false', false],
    ['not true', false],
    ['not undefined', true],
    ['not null', undefined],
    ['not 1', undefined],
    ['not not true', true],
    ['-(-3)', 3],
    ['-"3"', undefined],
    ['floor(-1.5)', -2],
    ['ceil(1.2)', 2],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round("2")', undefined],
    ['string("a")', 'a'],
    ['string(5.0)', '5'],
    ['string(0.1)', '0.1'],
    ['string(1e21)', '1000000000000000000000'],
    ['string(1.5e-7)', '0.00000015'],
    ['string(true)', 'true'],
    ['string(null)', null],
    ['string(undefined)', undefined],
    ['string([1, "a", null])', '[1,"a",null]'],
    ['number(5)', 5],
    ['number(" -1.5e2 ")', -150],
    ['number("")', undefined],
    ['number("0x10")', undefined],
    ['number("2024-03-04")', undefined],
    ['number(true)', 1],
    ['number(false)', 0],
    ['number(null)', undefined],
    ['number([1])', undefined],
    ['boolean(false)', false],
    ['boolean(0)', false],
    ['boolean(null)', false],
    ['boolean(undefined)', false],
    ['boolean("")', false],
    ['boolean("false")', false],
    ['boolean("no")', true],
    ['boolean(-1)', true],
    ['boolean([])', true],
    ['defined(0)', true],
    ['defined(undefined)', false],
    ['defined(null)', false],
    ['datetime("2024-03-05T00:00:00")', 1709596800],
    ['datetime("2024-03-05")', 1709596800],
    ['datetime("2024-03-05T01:00:00+01:00")', 1709596800],
    ['datetime("2024-03-05T00:00:00.250Z")', 1709596800.25],
    ['datetime("2024-02-30")', undefined],
    ['datetime("soon")', undefined],
    ['datetime(1709596800)', 1709596800],
    ['datetime(1709596800000)', 1709596800],
    ['typeof(undefined)', 'undefined'],
    ['typeof(null)', 'null'],
    ['typeof(true)', 'boolean'],
    ['typeof(1)', 'number'],
    ['typeof("")', 'string'],
    ['typeof([])', 'list'],
  ])('%s', (text, result) => {
    expect(api(text)).toBe(result);
  });

  it('looks at every operand of `and` and `or`, so that a mistake is found whatever comes first', () => {
    expect(errorOf(() => api('false and 1')).code).toBe('not-boolean');
    expect(errorOf(() => api('true or null')).code).toBe('not-boolean');
  });

  it('compares objects by their values', () => {
    const row = { a: { x: 1, y: [2] }, b: { y: [2], x: 1 }, c: { x: 1 } };
    expect(api('properties["a"] == properties["b"]', row)).toBe(true);
    expect(api('properties["a"] == properties["c"]', row)).toBe(false);
    expect(api('typeof(properties["a"])', row)).toBe('object');
    expect(api('string(properties["a"])', row)).toBe('{"x":1,"y":[2]}');
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
    [null, false],
    [0, false],
    [2, true],
    ['', false],
    ['false', false],
    ['a', true],
    [[], true],
  ])('lets a row with the result %j pass: %j', (result, passed) => {
    expect(passes(result)).toBe(passed);
  });

  it.each([
    ['a', ['a']],
    [5, ['5']],
    [true, ['true']],
    [undefined, ['undefined']],
    [null, ['null']],
    [
      ['x', 'y', 'x', 1, null],
      ['x', 'y', '1', 'null'],
    ],
    [[], ['undefined']],
    [{ a: 1 }, ['{"a":1}']],
  ])('puts the result %j of `on` into the segments %j', (result, segments) => {
    expect(segmentsOf(result)).toEqual(segments);
  });
});

describe('query-api.md 19.1', () => {
  it.each([
    ['true or true and false', true],
    ['not false and false', false],
    ['not 1 == 2', true],
    ['1 + 2 * 3', 7],
    ['10 - 2 - 3', 5],
    ['12 / 2 / 3', 2],
    ['-2 * 3', -6],
    ['1 + 1 == 2', true],
    ['1 in [1] and true', true],
    ['(1 + 2) * 3', 9],
    ['\'single\' == "single"', true],
    ['"a\\"b" == \'a"b\'', true],
    ['"a\\\\b"', 'a\\b'],
    ['TRUE AND NOT FALSE Or Undefined', true],
    ['1\n+\t2', 3],
    ['Defined(Properties["n"])', true],
  ])('%s', (text, result) => {
    expect(api(text, event)).toBe(result);
  });

  it('reads every source of properties', () => {
    const text = '[properties["a"], user["a"], event["a"], behaviors["a"]]';
    const row = { properties: { a: 1 }, user: { a: 2 }, event: { a: 3 }, behaviors: { a: 4 } };
    expect(evaluate(parseApiExpression(text), row)).toEqual([1, 2, 3, 4]);
  });

  it('reads objects by nested keys and lists by number', () => {
    const row = { cart: { Price: 3, items: ['a', { b: 1 }] } };
    expect(api('properties["cart"]["Price"]', row)).toBe(3);
    expect(api('properties["cart"]["items"][1]["b"]', row)).toBe(1);
    expect(api('properties["cart"]["items"][2]', row)).toBeUndefined();
    expect(api('properties["cart"]["toString"]', row)).toBeUndefined();
    expect(api('properties["cart"]["Price"]["x"]', row)).toBeUndefined();
  });

  it('takes a value of `on` without brackets for the name of a property', () => {
    const on = (text: string) =>
      evaluate(parseSegmentation(text), { properties: { 'a b': 1, n: 2 } });
    expect(on('a b')).toBe(1);
    expect(on('properties["n"]')).toBe(2);
    expect(on('properties["n"] > 1')).toBe(true);
    expect(errorOf(() => parseSegmentation('')).message).toBe(
      'character 1: found the end, expected a value, a property or "("',
    );
  });
});
