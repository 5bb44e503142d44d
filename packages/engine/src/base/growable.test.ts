import { describe, expect, it } from 'vitest';
import { GrowableBytes, GrowableFloat64, GrowableUint32 } from './growable.ts';

describe('growable array', () => {
  it('keeps what was pushed through every growth', () => {
    const integers = new GrowableUint32();
    const doubles = new GrowableFloat64();
    const bytes = new GrowableBytes();
    for (let i = 0; i < 1000; i++) {
      integers.push(i * 4_000_000);
      doubles.push(i / 3);
      bytes.push(i & 0xff);
    }
    expect([integers.length, doubles.length, bytes.length]).toStrictEqual([1000, 1000, 1000]);
    for (let i = 0; i < 1000; i++) {
      expect(integers.array[i]).toBe(i * 4_000_000);
      expect(doubles.array[i]).toBe(i / 3);
      expect(bytes.array[i]).toBe(i & 0xff);
    }
  });

  it('extends with zeros and never shrinks', () => {
    const integers = new GrowableUint32();
    integers.push(7);
    integers.extendTo(40);
    integers.extendTo(3);
    expect(integers.length).toBe(40);
    expect([...integers.array.subarray(0, 40)]).toStrictEqual([7, ...Array<number>(39).fill(0)]);
  });

  it('appends a part of other bytes', () => {
    const bytes = new GrowableBytes();
    bytes.append(Buffer.from('abcdef'), 1, 4);
    bytes.append(Buffer.from('xyz'));
    expect(Buffer.from(bytes.array.subarray(0, bytes.length)).toString()).toBe('bcdxyz');
  });
});
