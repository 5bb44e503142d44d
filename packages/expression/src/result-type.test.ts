import { describe, expect, it } from 'vitest';
import { parseApiExpression, parseFormula } from './expression.ts';
import { referencedProperties } from './referenced-properties.ts';
import { resultType } from './result-type.ts';

describe('resultType', () => {
  it.each([
    ['1', 'number'],
    ['"a"', 'string'],
    ['true', 'boolean'],
    ['undefined', 'unknown'],
    ['[1]', 'list'],
    ['properties["a"]', 'unknown'],
    ['properties["a"] * 2', 'number'],
    ['properties["a"] + 2', 'number'],
    ['properties["a"] + "!"', 'string'],
    ['properties["a"] + properties["b"]', 'unknown'],
    ['properties["a"] == 1', 'boolean'],
    ['not properties["a"]', 'boolean'],
    ['if(true, 1, 2)', 'number'],
    ['if(true, 1, "a")', 'unknown'],
    ['if(true, 1, undefined)', 'number'],
    ['ifs(true, "a", false, "b")', 'string'],
    ['ifs(true, "a", false, 1)', 'unknown'],
    ['let(x, "a", x)', 'string'],
    ['let(x, 1, let(x, "a", x))', 'string'],
    ['map(x, [1], x)', 'list'],
    ['any(x, [1], x)', 'boolean'],
    ['split("a", "b")', 'list'],
    ['split("a", "b", 1)', 'string'],
    ['today()', 'date'],
    ['today() - 1', 'number'],
    ['if(true, today(), datetime(0))', 'date'],
    ['properties["a"][0]', 'unknown'],
    ['-properties["a"]', 'number'],
  ])('of %s is %s', (text, type) => {
    expect(resultType(parseFormula(text))).toBe(type);
  });

  it('follows what is known of properties', () => {
    const expression = parseFormula('if(user["x"] > 1, properties["a"] + properties["a"], "")');
    expect(resultType(expression, () => 'string')).toBe('string');
    expect(resultType(expression, () => 'number')).toBe('unknown');
  });
});

describe('referencedProperties', () => {
  it('names each property once, in the order of the text', () => {
    const text =
      'user["b"] == properties["a"] and properties["b"] in [properties["a"], event["$time"]]';
    expect(referencedProperties(parseApiExpression(text).root)).toEqual([
      { source: 'user', name: 'b' },
      { source: 'properties', name: 'a' },
      { source: 'properties', name: 'b' },
      { source: 'event', name: '$time' },
    ]);
  });

  it('finds properties inside loops, keys and names', () => {
    const text = 'let(x, user["a"], map(y, properties["l"], y[user["k"]] + x))';
    const names = referencedProperties(parseFormula(text).root).map(({ name }) => name);
    expect(names).toEqual(['a', 'l', 'k']);
  });
});
