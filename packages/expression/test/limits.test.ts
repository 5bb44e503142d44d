import { describe, expect, it } from 'vitest';
import { compileExpression } from '../src/compile-expression.ts';
import { parseFormula } from '../src/expression.ts';
import { printNode } from '../src/print.ts';
import { resultType } from '../src/result-type.ts';
import { api, context, errorOf, formula } from './evaluate.ts';

const list = Array.from({ length: 255 }, (_, i) => i);

const errorOfFormula = (text: string) => errorOf(() => formula(text, { list }));

/** `let(a, …, let(b, a + a, …))` with so many doublings. */
const doubled = (start: string, count: number, step: (name: string) => string, end: string) =>
  Array.from(
    { length: count },
    (_, i) => `let(v${i}, ${i === 0 ? start : step(`v${i - 1}`)}, `,
  ).join('') +
  end +
  ')'.repeat(count);

describe('bounds of an evaluation', () => {
  it('takes loops within loops over the longest lists', () => {
    const text = 'sum(map(X, properties["list"], sum(map(Y, properties["list"], X * Y))))';
    expect(formula(text, { list })).toBe((254 * 255 * 0.5) ** 2);
  });

  it('refuses three loops within one another over the longest lists', () => {
    const loop = (name: string, body: string) => `sum(map(${name}, properties["list"], ${body}))`;
    expect(errorOfFormula(loop('X', loop('Y', loop('Z', 'X + Y + Z'))))).toMatchObject({
      code: 'too-much-work',
      message:
        'character 1: found more than 10000000 steps for one value, expected at most 10000000 steps and 65536 characters a text',
    });
  });

  it('begins anew with each row', () => {
    const text = 'sum(map(X, properties["list"], sum(map(Y, properties["list"], X))))';
    const { evaluate } = compileExpression(parseFormula(text), context);
    for (let row = 0; row < 200; row++) expect(evaluate(() => list)).toBe(254 * 255 * 0.5 * 255);
  });

  it('refuses texts that double', () => {
    const text = doubled('"ab"', 30, (name) => `${name} + ${name}`, 'len(v29)');
    expect(errorOfFormula(text).found).toBe('a text of 131072 characters');
  });

  it('refuses to compare or print lists that double', () => {
    const step = (name: string) => `[${name}, ${name}]`;
    const twice = `[${doubled('[1]', 60, step, 'v59')}, ${doubled('[1]', 60, step, 'v59')}]`;
    expect(errorOfFormula(`let(t, ${twice}, t[0] == t[1])`).code).toBe('too-much-work');
    expect(errorOfFormula(`string(${doubled('[1]', 60, step, 'v59')})`).code).toBe('too-much-work');
  });

  it('refuses replacements that grow', () => {
    const text = 'regex_replace(properties["long"], "a", properties["long"])';
    expect(errorOf(() => formula(text, { long: 'a'.repeat(1000) })).code).toBe('too-much-work');
  });

  it('refuses replacements whose every search reads to the end', () => {
    const text = 'regex_replace(properties["long"], "a.*b|a", "x")';
    expect(errorOf(() => formula(text, { long: 'a'.repeat(20_000) })).code).toBe('too-much-work');
    expect(formula(text, { long: 'a'.repeat(255) })).toBe('x'.repeat(255));
  });

  it('holds for the dialect of the API', () => {
    const long = 'a'.repeat(40_000);
    expect(errorOf(() => api('properties["long"] + properties["long"]', { long })).code).toBe(
      'too-much-work',
    );
  });

  it.each([
    ['(', ' == 1)'],
    ['(', ' != 1)'],
    ['(1 in ', ')'],
    ['(', ' in [1])'],
    ['(', ' < 1)'],
    ['(', ' and 1)'],
    ['(1 + ', ')'],
    ['not (', ')'],
    ['if(1, 2, ', ')'],
    ['max(1, ', ')'],
    ['string(', ')'],
    ['[1, ', '][0]'],
    ['map(X, ', ', X)'],
    ['let(X, 1, X + ', ')'],
  ])('compiles the deepest nesting of %s … %s', (open, close) => {
    const levels = Math.floor(98 / (open.match(/[([]|not/g)?.length ?? 1));
    const text = open.repeat(levels) + '1' + close.repeat(levels);
    expect(() => formula(text)).not.toThrow();
    expect(() => resultType(parseFormula(text))).not.toThrow();
    expect(() => printNode(parseFormula(text).root)).not.toThrow();
  });
});
