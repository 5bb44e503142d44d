import { did } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 19.3: every example as `where` of a real query, and what is no boolean as `on`. */

const properties = { n: 5, s: 'abc', t: true, l: ['x', 'y'] };
const world = { people: {}, events: [did('u1', 'E', '03-05 10:00', properties)] };
const { get } = mixpanelApp(world, { nowMs: Date.UTC(2024, 2, 12) });
const question = { event: 'E', from_date: '2024-03-05', to_date: '2024-03-05' };

interface Series {
  readonly data: { readonly values: Record<string, Record<string, number>> };
}
const ask = async (parameters: Record<string, string>) => {
  const { status, body } = await get('/api/query/segmentation', { ...question, ...parameters });
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as Series).data.values;
};

test.each([
  ['properties["n"] > 3 and properties["s"] == "abc"', 1],
  ['properties["n"] == "5"', 0],
  ['string(properties["n"]) == "5"', 1],
  ['"b" in properties["s"]', 1],
  ['properties["n"] in [1,5]', 1],
  ['"x" in properties["l"]', 1],
  ['not properties["q"]', 1],
  ['not defined(properties["q"])', 1],
  ['properties["q"] != 1', 1],
  ['properties["q"] > 1', 0],
  ['properties["q"] or properties["t"]', 1],
  ['event["$time"] >= datetime("2024-03-05T00:00:00")', 1],
  ['event["$time"] >= datetime("2024-03-06T00:00:00")', 0],
  // Beside the table: what lies around it.
  ['properties["s"] == "ABC"', 0],
  ['properties["l"] == "x"', 0],
  ['properties["n"] > 3 or properties["n"] > 7 and false', 1],
  ['(properties["n"] > 7 or properties["n"] == 5) and not (properties["s"] == "x")', 1],
  ['properties["s"]', 1],
  ['properties["n"] - 5', 0],
  ['undefined', 0],
])('19.3 where %s', async (where, count) => {
  expect(await ask({ where })).toEqual({ E: { '2024-03-05': count } });
});

test.each([
  ['number("12x")', 'undefined'],
  ['-7 % 3', '-1'],
  ['properties["n"] / 0', 'undefined'],
  ['floor(properties["n"] / 2)', '2'],
  ['"a" + 1', 'undefined'],
  ['properties["n"] + 1 * 2', '7'],
  ['properties["t"]', 'true'],
  ['properties["n"]', '5'],
  ['event["$event"]', 'E'],
])('19.3 on %s', async (on, key) => {
  // Without brackets it would be the name of a property.
  const parameters = { on: on.includes('[') ? on : `[${on}][0]` };
  expect(await ask(parameters)).toEqual({ [key]: { '2024-03-05': 1 } });
});

test('19.2 a list gives a segment for each distinct element', async () => {
  expect(Object.keys(await ask({ on: 'properties["l"]' })).toSorted()).toEqual(['x', 'y']);
  expect(Object.keys(await ask({ on: '[properties["n"], "x", "x"]' })).toSorted()).toEqual([
    '5',
    'x',
  ]);
});

test('19.2 the number 5 and the text "5" are two segments', async () => {
  expect(Object.keys(await ask({ on: '[properties["n"], "5"]' })).toSorted()).toEqual([
    '5',
    expect.stringMatching(/^5 \((string|number)\)$/),
  ]);
});

test('19.3 a text is no operand of and: refused with its place', async () => {
  const where = 'properties["s"] and true';
  expect(await get('/api/query/segmentation', { ...question, where })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('and') as string, status: 'error' },
  });
});
