import { describe, expect, it } from 'vitest';
import { ownProperties, valueText, valueType } from './property-value.ts';

describe('values of properties', () => {
  it('have a type each', () => {
    expect([null, [], {}, 'x', 1, true].map(valueType)).toEqual([
      'null',
      'list',
      'object',
      'text',
      'number',
      'boolean',
    ]);
  });

  it('are one line: text as it is, all else as JSON', () => {
    expect(['a b', 1.5, true, null, ['x', 1], { y: 2 }].map(valueText)).toEqual([
      'a b',
      '1.5',
      'true',
      'null',
      '["x",1]',
      '{"y":2}',
    ]);
  });

  it("of the customer's own are those that no library added", () => {
    const all = { $os: 'Linux', mp_lib: 'web', utm_source: 'x', plan: 'pro', age: 3 };
    expect(ownProperties(all)).toEqual([
      ['plan', 'pro'],
      ['age', 3],
    ]);
  });
});
