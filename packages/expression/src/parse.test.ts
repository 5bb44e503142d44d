import { describe, expect, it } from 'vitest';
import { errorOf } from '../test/evaluate.ts';
import { parseApiExpression, parseFormula } from './expression.ts';
import { expressionLimits } from './limits.ts';

const messageOf = (text: string): string => errorOf(() => parseFormula(text)).message;

describe('parseFormula', () => {
  it.each([
    ['', 'character 1: found the end, expected a value, a property or "("'],
    ['1 +', 'character 4: found the end, expected a value, a property or "("'],
    ['1 + * 2', 'character 5: found "*", expected a value, a property or "("'],
    ['1 2', 'character 3: found "2", expected an operator or the end'],
    ['(1', 'character 3: found the end, expected ")" to close the parenthesis'],
    ['[1, 2', 'character 6: found the end, expected "]" or "," in the list'],
    ['"abc', 'character 1: found a text without an end, expected a closing "'],
    ['\'abc"', "character 1: found a text without an end, expected a closing '"],
    ['1.5x', 'character 1: found "1.5x", expected a number such as 12.5 or 1e6'],
    ['1e999', 'character 1: found "1e999", expected a number such as 12.5 or 1e6'],
    ['1 = 2', 'character 3: found "=", expected "==" to compare'],
    ['1 && 2', 'character 3: found "&", expected "and"'],
    ['😀', 'character 1: found "😀", expected a value or an operator'],
    ['1 < 2 < 3', 'character 7: found "<", expected parentheses, because comparisons do not chain'],
    ['1 == not true', 'character 6: found "not", expected parentheses around "not …" here'],
    ['and', 'character 1: found "and", expected a value'],
    ['properties[1]', 'character 12: found "1", expected the name of a property in quotes'],
    ['properties["a"', 'character 15: found the end, expected "]" after the name'],
    ['"a"[0', 'character 6: found the end, expected "]" after the key'],
    [
      'price * 2',
      'character 1: found "price", expected a property such as properties["price"] or user["plan"], or a name of let',
    ],
    [
      'behaviors["a"]',
      'character 1: found "behaviors", expected a property such as properties["price"] or user["plan"], or a name of let',
    ],
    ['upper("a"', 'character 10: found the end, expected ")" or "," in upper(text)'],
    ['upper()', 'character 1: found 0 arguments, expected upper(text)'],
    ['left("a")', 'character 1: found 1 argument, expected left(text, count)'],
    ['ifs(true, 1, false)', 'character 1: found 3 arguments, expected ifs(condition, value, …)'],
    ['2 ^ 2', 'character 3: found "^", expected an operator or the end'],
    [
      'datedif("2024-01-01", today(), "W")',
      'character 32: found "W", expected "D" or "M" or "Y" or "MD" or "YM" or "YD"',
    ],
    ['parse_url("a", 1)', 'character 16: found "1", expected "domain" or "full_domain"'],
    [
      'regex_match("a", "a" + "b")',
      'character 18: found an expression, expected a pattern in quotes, which cannot be computed',
    ],
    ['let(1, 2, 3)', 'character 5: found "1", expected a new name in let(name, value, expression)'],
    [
      'let(In, 2, 3)',
      'character 5: found "In", expected a new name in let(name, value, expression)',
    ],
    [
      'let(user, 2, 3)',
      'character 5: found "user", expected a new name in let(name, value, expression)',
    ],
    ['map(X, [1])', 'character 11: found ")", expected "," in map(name, list, expression)'],
    [
      'let(x, 1, x) + x',
      'character 16: found "x", expected a property such as properties["price"] or user["plan"], or a name of let',
    ],
  ])('refuses %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('says which functions there are when one is unknown', () => {
    const error = errorOf(() => parseApiExpression('1 + upper("a")'));
    expect(error.message).toBe(
      'character 5: found "upper", expected one of the functions boolean, ceil, datetime, defined, floor, mid, number, round, string, typeof',
    );
    expect(error).toMatchObject({ code: 'unknown-function', start: 4, end: 9 });
  });

  it('has no named values in the dialect of the API', () => {
    expect(errorOf(() => parseApiExpression('let(x, 1, x)')).code).toBe('unknown-function');
    expect(errorOf(() => parseApiExpression('round(1.5, 1)')).code).toBe('argument-count');
  });

  it('cuts a long text in an error', () => {
    expect(messageOf(`1 "${'a'.repeat(100)}"`)).toBe(
      `character 3: found "${'a'.repeat(39)}…, expected an operator or the end`,
    );
  });

  it('takes texts up to the limit of characters', () => {
    const longest = `"${'a'.repeat(expressionLimits.charactersMax - 2)}"`;
    expect(parseFormula(longest).root.type).toBe('literal');
    expect(errorOf(() => parseFormula(`${longest} `))).toMatchObject({
      code: 'too-long',
      message: 'character 20001: found 20001 characters, expected at most 20000',
    });
  });

  it.each([
    ['(', '1', ')'],
    ['[', '1', ']'],
    ['-', '1', ''],
    ['not ', '1', ''],
    ['upper(', '1', ')'],
    ['"a"[', '1', ']'],
    ['let(x, 1, ', 'x', ')'],
  ])('takes a hundred levels of %s', (open, inside, close) => {
    const nested = (levels: number) => open.repeat(levels) + inside + close.repeat(levels);
    expect(() => parseFormula(nested(expressionLimits.nestingMax))).not.toThrow();
    expect(errorOf(() => parseFormula(nested(expressionLimits.nestingMax + 1)))).toMatchObject({
      code: 'too-deep',
      found: '101 levels of nesting',
    });
  });

  it('takes long chains of operators, which are no nesting', () => {
    const chain = Array.from({ length: 1500 }, (_, i) => `1 == ${i}`).join(' or ');
    expect(parseFormula(chain).root).toMatchObject({ type: 'or' });
  });

  it('marks each node with its place', () => {
    const { root } = parseFormula(' 1 + upper( "a" )');
    expect(root).toMatchObject({ type: 'sum', start: 1, end: 17 });
    expect(root).toHaveProperty('rest.0.operand.start', 5);
  });
});
