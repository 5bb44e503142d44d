import { expect, test } from 'vitest';
import { cleanProperties, type JsonObject } from './clean-properties.ts';
import { RecordProblem } from './record-problem.ts';

const rules = { path: 'properties', strict: false, damaged: false, propertiesMax: 254 };
const clean = (json: string): unknown => cleanProperties(JSON.parse(json) as JsonObject, rules);
const messageOf = (source: JsonObject): string | null => {
  const result = cleanProperties(source, rules);
  return result instanceof RecordProblem ? result.message : null;
};
const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });
const nestedList = (depth: number): unknown => (depth === 0 ? 1 : [nestedList(depth - 1)]);
const numbered = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]));

test('keeps every type as it is', () => {
  const json = '{"n":null,"t":true,"i":1,"f":1.5,"s":"x","l":[1,"1"],"o":{"a":{"b":[]}}}';
  expect(clean(json)).toEqual(JSON.parse(json));
});

test('cuts strings, names, and both inside lists and objects', () => {
  const long = 'x'.repeat(300);
  const cut = 'x'.repeat(255);
  expect(cleanProperties({ [long]: long, list: [long], object: { [long]: long } }, rules)).toEqual({
    [cut]: cut,
    list: [cut],
    object: { [cut]: cut },
  });
});

test('254 properties pass, 255 do not; protocol fields do not count', () => {
  const without = new Set(['token']);
  expect(messageOf(numbered(254))).toBeNull();
  expect(cleanProperties({ token: 't', ...numbered(254) }, { ...rules, without })).toEqual(
    numbered(254),
  );
  expect(messageOf(numbered(255))).toBe(
    "'properties' is invalid: must not have more than 254 properties",
  );
});

test('objects go three deep, lists go three deep, each for itself', () => {
  expect(messageOf({ deep: nested(3) })).toBeNull();
  expect(messageOf({ deep: nestedList(3) })).toBeNull();
  expect(messageOf({ cart: [{ order: { lines: [{ tags: ['a'] }] } }] })).toBeNull();
  const message = "'properties.deep' is invalid: must not be nested deeper than 3 levels";
  expect(messageOf({ deep: nested(4) })).toBe(message);
  expect(messageOf({ deep: nestedList(4) })).toBe(message);
});

test('a value nested a million deep is refused without walking down', () => {
  const json = `{"deep":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
  expect(messageOf(JSON.parse(json) as JsonObject)).toMatch(/nested deeper/);
});

test('255 keys and 255 items pass, 256 do not', () => {
  expect(messageOf({ o: numbered(255), l: Array.from({ length: 255 }, () => 1) })).toBeNull();
  expect(messageOf({ o: numbered(256) })).toBe(
    "'properties.o' is invalid: object must not have more than 255 keys",
  );
  expect(messageOf({ l: Array.from({ length: 256 }, () => 1) })).toBe(
    "'properties.l' is invalid: list must not have more than 255 items",
  );
});

test('a number that no 64-bit float holds is refused', () => {
  expect(messageOf(JSON.parse('{"n":1e999}') as JsonObject)).toBe(
    "'properties.n' is invalid: number is out of range",
  );
});

test('names of prototypes are data or left out, and change nothing', () => {
  const result = clean(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"o":{"__proto__":[3]}}',
  );
  expect(Object.keys(result as object)).toEqual(['constructor', 'o']);
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  expect((result as { constructor: unknown }).constructor).toEqual({ prototype: { polluted: 2 } });
  expect(result).not.toHaveProperty('polluted');
  expect({}).not.toHaveProperty('polluted');
});

test('names the path of a damaged string', () => {
  const damaged = { ...rules, damaged: true };
  expect(cleanProperties({ city: 'M\ufffdnchen' }, damaged)).toMatchObject({
    field: 'properties.city',
    message: "'properties.city' is invalid: string should be valid utf8",
  });
});
