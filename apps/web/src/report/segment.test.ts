import { describe, expect, it } from 'vitest';
import { segmentKey, segmentName } from './segment.ts';

describe('segmentKey', () => {
  it('keeps a value as it is written in links', () => {
    expect(segmentKey({ type: 'string', text: 'pro' })).toBe('string:pro');
  });

  it('tells combinations apart that read alike', () => {
    const text = 'a, b, c';
    const one = segmentKey({
      type: 'combination',
      text,
      parts: [
        { type: 'string', text: 'a, b' },
        { type: 'string', text: 'c' },
      ],
    });
    const other = segmentKey({
      type: 'combination',
      text,
      parts: [
        { type: 'string', text: 'a' },
        { type: 'string', text: 'b, c' },
      ],
    });
    expect(one).not.toBe(other);
  });

  it('tells the number of a part from its text', () => {
    const of = (type: 'string' | 'number'): string =>
      segmentKey({ type: 'combination', text: '1', parts: [{ type, text: '1' }] });
    expect(of('string')).not.toBe(of('number'));
  });
});

describe('segmentName', () => {
  it('says of each part what is missing in it', () => {
    expect(segmentName({ type: 'not_set', text: '' })).toBe('(not set)');
    expect(segmentName({ type: 'empty_string', text: '' })).toBe('(empty string)');
    expect(segmentName({ type: 'in', text: 'Buyers' })).toBe('Buyers');
    expect(segmentName({ type: 'not_in', text: 'Buyers' })).toBe('Not: Buyers');
    expect(
      segmentName({
        type: 'combination',
        text: 'pro, ',
        parts: [
          { type: 'string', text: 'pro' },
          { type: 'empty_string', text: '' },
        ],
      }),
    ).toBe('pro, (empty string)');
  });
});
