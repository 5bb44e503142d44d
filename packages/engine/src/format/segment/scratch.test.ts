import { describe, expect, it } from 'vitest';
import { borrow, giveBack } from './scratch.ts';

describe('borrowed memory', () => {
  it('is as long as was asked for, and lent to one at a time', () => {
    const one = borrow(1000);
    const other = borrow(1000);
    expect([one.length, other.length]).toEqual([1000, 1000]);
    expect(one.buffer).not.toBe(other.buffer);
    giveBack(one);
    giveBack(other);
  });

  it('is lent again when it was given back, also for a little less', () => {
    const one = borrow(100_000);
    giveBack(one);
    const again = borrow(99_000);
    expect(again.buffer).toBe(one.buffer);
    expect(again).toHaveLength(99_000);
    giveBack(again);
  });

  it('may be empty', () => {
    const none = borrow(0);
    expect(none).toHaveLength(0);
    giveBack(none);
  });
});
