import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../src/ast.ts';
import { compileExpression } from '../src/compile-expression.ts';
import type { Dialect } from '../src/dialect.ts';
import { ExpressionError } from '../src/expression-error.ts';
import { parseApiExpression, parseFormula } from '../src/expression.ts';
import { functionNames } from '../src/functions.ts';
import { printNode } from '../src/print.ts';
import { parseReportFormula } from '../src/report-formula.ts';
import { evaluateReportFormula } from '../src/report-series.ts';
import { resultType, type ResultType } from '../src/result-type.ts';
import { kindOf, type Value } from '../src/value.ts';
import { arbitraryNode, withoutPlaces } from './arbitrary-nodes.ts';
import { context } from './evaluate.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';

const dialects = ['formula', 'api', 'report'] as const;

function parse(text: string, dialect: Dialect): Node {
  if (dialect === 'report') return parseReportFormula(text, { count: 40 }).root;
  return (dialect === 'formula' ? parseFormula(text) : parseApiExpression(text)).root;
}

describe('parser and printer', () => {
  it.each(dialects)('%s: what is printed is parsed to the same tree', (dialect) => {
    fc.assert(
      fc.property(arbitraryNode(dialect), (node) => {
        const text = printNode(node);
        expect(withoutPlaces(parse(text, dialect))).toEqual(withoutPlaces(node));
        expect(printNode(parse(text, dialect))).toBe(text);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});

/** Texts that are nearly expressions: pieces of the language in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...functionNames('formula').map((name) => `${name}(`),
      ...'( ) [ ] , + - * / % ^ == != < <= > >= in and or not true undefined null'.split(' '),
      'properties["a"]',
      'user["b"]',
      'x',
      'A',
      'AB',
      '"D"',
      '"domain"',
      '"(a+)+$"',
      '1',
      '2.5',
    ),
    fc.string({ maxLength: 4 }),
  ),
  { maxLength: 30 },
);

const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  pieces.map((parts) => parts.join(' ')),
  pieces.map((parts) => parts.join('')),
);

const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(undefined, null, true, false, '', 'abc', '2024-03-04', 'https://a.b/c'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** What a run gives, or the typed error it fails with; any other error passes. */
function outcomeOf<Result>(run: () => Result): Result | ExpressionError {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

function isPlaceIn(text: string, outcome: unknown): boolean {
  if (!(outcome instanceof ExpressionError)) return true;
  const { start, end } = outcome;
  return 0 <= start && start <= end && end <= text.length;
}

function isOfType(value: Value, type: ResultType): boolean {
  const kind = kindOf(value);
  if (kind === 'undefined' || kind === 'null') return true;
  if (kind === 'number' && !Number.isFinite(value)) return false;
  return type === 'unknown' || kind === (type === 'date' ? 'number' : type);
}

describe('any text', () => {
  it.each(dialects)('%s: is parsed or refused with a place inside the text', (dialect) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const outcome = outcomeOf(() => parse(text, dialect));
        expect(isPlaceIn(text, outcome)).toBe(true);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });

  it.each(['formula', 'api'] as const)(
    '%s: is evaluated to a value of the promised type, or fails with the typed error',
    (dialect) => {
      fc.assert(
        fc.property(arbitraryNode(dialect), fc.array(values, { maxLength: 5 }), (root, row) => {
          const expression = { dialect, root };
          const compiled = outcomeOf(() => compileExpression(expression, context));
          if (compiled instanceof ExpressionError) return;
          const read = (_: unknown, slot: number) => row[slot % (row.length + 1)];
          const outcome = outcomeOf(() => compiled.evaluate(read));
          const isTyped =
            outcome instanceof ExpressionError || isOfType(outcome, resultType(expression));
          expect(isTyped).toBe(true);
          expect(outcomeOf(() => compiled.evaluate(read))).toEqual(outcome);
        }),
        { numRuns: propertyRuns, seed: propertySeed },
      );
    },
  );

  it('of a report is evaluated to one finite value or gap a bucket', () => {
    const series = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(arbitraryNode('report'), series, fc.boolean(), (root, values, isCount) => {
        const operand = { values, missing: isCount ? 0 : null };
        const operands = Array.from({ length: 40 }, () => operand);
        const result = evaluateReportFormula({ root, metrics: [] }, operands, { bucketCount: 5 });
        expect(result).toHaveLength(5);
        for (const value of result) expect(value === null || Number.isFinite(value)).toBe(true);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});
