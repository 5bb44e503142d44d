import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Literal } from './ast.ts';
import { compileExpression } from './compile-expression.ts';

import { context, evaluate } from '../test/evaluate.ts';
import { propertyRuns, propertySeed } from '../test/property-runs.ts';
import { parseApiExpression, parseFormula } from './expression.ts';
import { printNode } from './print.ts';
import type { Value } from './value.ts';

const span = { start: 0, end: 0 };
const literals = fc.constantFrom<Literal[]>(
  undefined,
  null,
  true,
  false,
  0,
  1,
  2.5,
  '',
  'a',
  'A',
  'b',
  '1',
  'ß',
  'İ',
);
const values = fc.oneof<fc.Arbitrary<Value>[]>(literals, fc.array(literals, { maxLength: 2 }));
const printed = (value: Literal) => printNode({ type: 'literal', value, ...span });

describe.each([
  ['formula', parseFormula],
  ['api', parseApiExpression],
] as const)('constants of a comparison (%s)', (_, parse) => {
  const check = (text: string, row: Record<string, Value>) =>
    evaluate(parse(text), { properties: row });

  it('are equal to what the same property values are equal to', () => {
    fc.assert(
      fc.property(values, literals, (value, constant) => {
        const row = { value, constant };
        const expected = check('properties["value"] == properties["constant"]', row);
        expect(check(`properties["value"] == ${printed(constant)}`, row)).toBe(expected);
        expect(check(`${printed(constant)} == properties["value"]`, row)).toBe(expected);
        expect(check(`properties["value"] != ${printed(constant)}`, row)).toBe(!expected);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });

  it('hold in a list what a list of property values holds', () => {
    fc.assert(
      fc.property(values, fc.array(literals, { maxLength: 4 }), (value, list) => {
        const row = { value, list };
        const constants = `[${list.map(printed).join(', ')}]`;
        const expected = check('properties["value"] in properties["list"]', row);
        expect(check(`properties["value"] in ${constants}`, row)).toBe(expected);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});

it('gives readers the slot of each reference', () => {
  const text = 'user["a"] == 1 and properties["a"] == 2 and user["a"] < 5';
  const { references, evaluate: evaluateRow } = compileExpression(parseFormula(text), context);
  const columns = references.map(({ source }) => (source === 'user' ? 1 : 2));
  expect(evaluateRow((_, slot) => columns[slot])).toBe(true);
});
