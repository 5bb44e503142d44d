import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../src/expression-error.ts';
import { parseApiExpression, parseFormula } from '../src/expression.ts';
import { functionNames } from '../src/functions.ts';
import { parseReportFormula } from '../src/report-formula.ts';
import { evaluateReportFormula } from '../src/report-series.ts';
import { evaluate, type Row } from './evaluate.ts';

const text = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8');

const blocksOf = (language: string): string[] =>
  Array.from(text.matchAll(/^```(\w*)\n([^]*?)^```$/gm))
    .filter(([, name]) => name === language)
    .map(([, , body = '']) => body);

/** Lines `expression → value`. */
const examplesOf = (language: string): [string, string][] =>
  blocksOf(language).flatMap((body) =>
    body
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const [expression = '', value = ''] = line.split(' → ');
        return [expression, value];
      }),
  );

/** The docs hold an object of the sources; each example below would fail if it were another. */
const row = JSON.parse(blocksOf('json')[0] ?? '{}') as Row;

/** A value as the docs write it: a constant of the language, or the code of an error. */
function valueOf(example: string): unknown {
  return example.startsWith('error ') ? example : evaluate(parseFormula(example));
}

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError) return `error ${error.code}`;
    throw error;
  }
}

describe('docs/expressions.md', () => {
  it.each(examplesOf('formula'))('formula: %s → %s', (expression, value) => {
    expect(outcomeOf(() => evaluate(parseFormula(expression), row))).toEqual(valueOf(value));
  });

  it.each(examplesOf('api'))('api: %s → %s', (expression, value) => {
    expect(outcomeOf(() => evaluate(parseApiExpression(expression), row))).toEqual(valueOf(value));
  });

  it.each(examplesOf('report'))('report: %s → %s', (expression, value) => {
    const series = [
      [10, 20, 40],
      [4, 0, 8],
      [1, 2, 3],
    ];
    const operands = series.map((values) => ({ values, missing: 0 }));
    const formula = parseReportFormula(expression, { count: 3 });
    expect(evaluateReportFormula(formula, operands, { bucketCount: 3 })).toEqual(valueOf(value));
  });

  it.each(['formula', 'api', 'report'] as const)('shows every function of a %s', (dialect) => {
    const shown = examplesOf(dialect)
      .map(([expression]) => expression)
      .join('\n');
    const missing = functionNames(dialect).filter((name) => !shown.includes(`${name}(`));
    expect(missing).toEqual([]);
  });

  it('shows the error of its first example', () => {
    const [expression = '', message] = (blocksOf('')[0] ?? '').trimEnd().split('\n');
    expect(() => parseApiExpression(expression)).toThrow(expect.objectContaining({ message }));
  });
});
