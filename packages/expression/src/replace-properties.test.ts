import { expect, test } from 'vitest';
import { parseApiExpression, parseFormula } from './expression.ts';
import { printNode } from './print.ts';
import { replaceProperties } from './replace-properties.ts';

const renamed = (text: string, parse = parseApiExpression): string =>
  printNode(
    replaceProperties(parse(text).root, (property) => ({
      ...property,
      name: `new ${property.name}`,
    })),
  );

test.each([
  'not defined(properties["a"]) and user["b"] in [properties["c"], "d"] or properties["e"] == 1',
  '-properties["a"] + 2 * (properties["b"] - 1) % properties["c"] > floor(user["d"])',
])('reaches every property of %s, and nothing else', (text) => {
  expect(renamed(text)).toBe(text.replaceAll(/(properties|user)\["/g, '$1["new '));
});

test('reaches those of formulas', () => {
  expect(renamed('any(x, properties["l"], x > user["n"])', parseFormula)).toBe(
    'any(x, properties["new l"], x > user["new n"])',
  );
});
