import { describe, expect, it } from 'vitest';
import { errorOf } from '../test/evaluate.ts';
import { metricIndex, metricLetters } from './metric-letters.ts';
import { printNode } from './print.ts';
import { parseReportFormula } from './report-formula.ts';
import { evaluateReportFormula, type ReportOptions } from './report-series.ts';
import type { Series } from './series-functions.ts';

const parse = (text: string) => parseReportFormula(text, { count: 3 });

/** Of counts A, B and C, given as columns. */
function evaluate(text: string, series: readonly Series[], options: Partial<ReportOptions> = {}) {
  const operands = series.map((values) => ({ values, missing: 0 }));
  return evaluateReportFormula(parse(text), operands, {
    bucketCount: series[0]?.length ?? 1,
    ...options,
  });
}

describe('reports.md 4.4', () => {
  it('evaluates the example of 4.7: unique Play ÷ unique Signup', () => {
    // By day 03-04 to 03-06, then over the range, which is not the mean of the days.
    expect(
      evaluate('A ÷ B', [
        [1, 2, 2],
        [2, 1, 0],
      ]),
    ).toEqual([0.5, 2, null]);
    expect(evaluate('A ÷ B', [[4], [3]])).toEqual([4 / 3]);
  });

  it.each([
    ['A + B − 1 × 2', 11],
    ['(A + B - 1) * 2', 24],
    ['A - B - 1', 6],
    ['A / B / 2', 1.6666666666666667],
    ['a+b', 13],
    ['-A + 20', 10],
    ['-A ^ 2', -100],
    ['2 ^ 3 ^ 2', 512],
    ['2 ^ -1', 0.5],
    ['A - A * 0.5', 5],
    ['(A / B) * 100', 333.33333333333337],
    ['B + 1', 4],
    ['A / 0', null],
    ['0 / 0', null],
    ['C / C', null],
    ['A / C + 1', null],
    ['1e308 * 10', null],
    ['abs(B - A)', 7],
    ['min(A, B, 1)', 1],
    ['max(A, B)', 10],
    ['round(A / B)', 3],
    ['round(A / B, 2)', 3.33],
    ['floor(A / B)', 3],
    ['ceil(A / B)', 4],
    ['sqrt(A + 6)', 4],
    ['sqrt(-1)', null],
    ['log(A * 10)', 2],
    ['ln(1)', 0],
    ['log(0)', null],
    ['if(A > B, A, B)', 10],
    ['if(A > B and not (B > 1), 1, 2)', 2],
    ['if(C == 0 or A / 0 > 1, 1, 2)', null],
    ['if(C, 1, A)', 10],
    ['if(A != 10, 1, A / C)', null],
    ['A >= 10', 1],
    ['A <= 9', 0],
    ['B < 3', 0],
  ])('%s', (text, value) => {
    expect(evaluate(text, [[10], [3], [0]])).toEqual([value]);
  });

  it('takes a missing count for 0 and any other missing value for a gap', () => {
    const operands = (missing: number | null) => [
      { values: [1, null], missing: 0 },
      { values: undefined, missing },
      undefined,
    ];
    const options = { bucketCount: 2 };
    expect(evaluateReportFormula(parse('A + B'), operands(0), options)).toEqual([1, 0]);
    expect(evaluateReportFormula(parse('A + B'), operands(null), options)).toEqual([null, null]);
  });

  it('divides by zero to 0 when that is asked for', () => {
    const options = { divisionByZero: 'zero' } as const;
    expect(
      evaluate(
        'A / B',
        [
          [1, 0, 3],
          [0, 0, 2],
        ],
        options,
      ),
    ).toEqual([0, 0, 1.5]);
  });

  it('looks back: prev, cum and avg', () => {
    const series = [[1, 2, null, 4]];
    const operands = [{ values: series[0], missing: null }];
    const of = (text: string) => evaluateReportFormula(parse(text), operands, { bucketCount: 4 });
    expect(of('prev(A)')).toEqual([null, 1, 2, null]);
    expect(of('prev(A, 2)')).toEqual([null, null, 1, 2]);
    expect(of('cum(A)')).toEqual([1, 3, 3, 7]);
    expect(of('avg(A, 2)')).toEqual([1, 1.5, 2, 4]);
    expect(of('A / prev(A) - 1')).toEqual([null, 1, null, null]);
  });

  it('names the metrics it reads', () => {
    expect(parse('C / (A + C)').metrics).toEqual([0, 2]);
    expect(parse('1').metrics).toEqual([]);
  });
});

describe('parseReportFormula', () => {
  it.each([
    ['A + D', 'character 5: found "D", expected a letter from A to C'],
    ['A +', 'character 4: found the end, expected a letter, a number or "("'],
    ['A B', 'character 3: found "B", expected an operator or the end'],
    ['2A', 'character 1: found "2A", expected a number such as 12.5 or 1e6'],
    ['A % 2', 'character 3: found "%", expected an operator or the end'],
    ['"a"', 'character 1: found "a", expected a letter, a number or "("'],
    ['[A]', 'character 1: found "[", expected a letter, a number or "("'],
    ['A[0]', 'character 2: found "[", expected an operator or the end'],
    ['true', 'character 1: found "true", expected a value'],
    ['A in B', 'character 3: found "in", expected an operator or the end'],
    ['properties["a"]', 'character 1: found "properties", expected a letter from A to C'],
    [
      'upper(A)',
      'character 1: found "upper", expected one of the functions abs, avg, ceil, cum, floor, if, ln, log, max, min, prev, round, sqrt',
    ],
    [
      'avg(A, B)',
      'character 8: found an expression, expected a whole number of buckets from 1 to 1000',
    ],
    ['prev(A, 0)', 'character 9: found 0, expected a whole number of buckets from 1 to 1000'],
    ['avg(A, 1.5)', 'character 8: found 1.5, expected a whole number of buckets from 1 to 1000'],
  ])('refuses %s', (text, message) => {
    expect(errorOf(() => parse(text)).message).toBe(message);
  });

  it('refuses a formula inside a formula, and letters of a report without metrics', () => {
    const letters = { count: 3, formulas: new Set([1]) };
    expect(errorOf(() => parseReportFormula('A + B', letters)).message).toBe(
      'character 5: found "B", expected a metric, because a formula cannot use another formula',
    );
    expect(errorOf(() => parseReportFormula('A', { count: 0 })).expected).toBe(
      'a number, because the report has no metrics yet',
    );
    expect(errorOf(() => parseReportFormula('B', { count: 1 })).expected).toBe('the letter A');
  });

  it('refuses more work than a chart needs', () => {
    const text = Array.from({ length: 100 }, () => 'avg(A, 1000)').join(' + ');
    const run = () => evaluate(text, [Array.from({ length: 50_000 }, () => 1)]);
    expect(errorOf(run)).toMatchObject({ code: 'too-much-work' });
  });

  it('is printed with letters', () => {
    expect(printNode(parse('((a÷b))×100').root)).toBe('(A / B) * 100');
  });
});

describe('letters of metrics', () => {
  it.each([
    [0, 'A'],
    [25, 'Z'],
    [26, 'AA'],
    [49, 'AX'],
    [51, 'AZ'],
    [52, 'BA'],
    [701, 'ZZ'],
    [702, 'AAA'],
  ])('of %i are %s', (index, letters) => {
    expect(metricLetters(index)).toBe(letters);
    expect(metricIndex(letters.toLowerCase())).toBe(index);
  });

  it('are letters only', () => {
    expect(['', 'A1', 'Ä', 'ABCD'].map(metricIndex)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
