import { describe, expect, it } from 'vitest';
import { batch, event, person } from '../../test/batches.ts';
import { checksum } from '../base/checksum.ts';
import type { EngineError } from '../base/errors.ts';
import { rowBatchHeaderLayout } from './constants.ts';
import { headSeed } from './decode/batch-header.ts';
import { decodeRowBatch, encodeRowBatch, type RowBatch, rowBatchHeader } from './row-batch.ts';

const rich: RowBatch = batch('batch-0001', {
  project: 7,
  shard: 3,
  sequence: 1_709_510_400_000_123,
  events: [
    event({
      properties: {
        int: 1,
        text: '1',
        yes: true,
        no: false,
        nothing: null,
        list: [1, '1', [true]],
        object: { a: { b: [] } },
        fraction: 0.1,
        negative: -5,
        large: 2 ** 53 + 2,
        edge: 2 ** 52 - 1,
        tiny: 5e-324,
        empty: '',
        ключ: '日本 🙂',
      },
    }),
    event({
      time: beforeMidnight(5),
      sentTime: beforeMidnight(-900),
      distinctId: 'device',
      user: 'u1',
    }),
    event({ distinctId: '', insertId: '', position: 4_294_967_295 }),
  ],
  persons: [
    person(
      'u1',
      [
        { operator: '$set', values: { a: 1, b: [null] } },
        { operator: '$set_once', values: { c: 'x' } },
        { operator: '$add', values: { n: -1.5 } },
        { operator: '$append', values: { l: 'x' } },
        { operator: '$union', values: { l: ['x', 2] } },
        { operator: '$remove', values: { l: 'x' } },
        { operator: '$unset', names: ['a', 'b'] },
        { operator: '$delete' },
      ],
      { ignoreTime: false, position: 9 },
    ),
  ],
  links: [{ loser: 'device', winner: 'u1' }],
});

function beforeMidnight(ms: number): number {
  return 1_709_510_400_000 - ms;
}

/** The error that decoding raises, as `code: message`. */
function failure(bytes: Uint8Array): string {
  try {
    decodeRowBatch(bytes);
  } catch (error) {
    return `${(error as EngineError).code}: ${(error as EngineError).message}`;
  }
  return 'decoded';
}

/** Makes the checksum right again after a change, so that what lies behind it is reached. */
function reseal(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(
    checksum(copy.subarray(rowBatchHeaderLayout.project), headSeed(copy)),
    rowBatchHeaderLayout.checksum,
  );
  return copy;
}

describe('row batch', () => {
  it('gives back exactly what was encoded', () => {
    expect(decodeRowBatch(encodeRowBatch(rich))).toStrictEqual(rich);
  });

  it('keeps -0 apart from 0', () => {
    const bytes = encodeRowBatch(batch('b', { events: [event({ properties: { a: -0, b: 0 } })] }));
    expect(decodeRowBatch(bytes).events[0]?.properties).toStrictEqual({ a: -0, b: 0 });
  });

  it('keeps times that are too far apart for a difference', () => {
    const events = [
      event({ time: -9_007_199_254_740_991, sentTime: 9_007_199_254_740_991 }),
      event({ time: 9_007_199_254_740_991 }),
    ];
    expect(decodeRowBatch(encodeRowBatch(batch('b', { events }))).events).toStrictEqual(events);
  });

  it('keeps a property named __proto__ as a property', () => {
    const properties = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"__proto__": 2}}');
    const bytes = encodeRowBatch(batch('b', { events: [event({ properties })] }));
    const decoded = decodeRowBatch(bytes).events[0]?.properties;
    expect(JSON.stringify(decoded)).toBe(JSON.stringify(properties));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  });

  it('encodes an empty batch', () => {
    expect(decodeRowBatch(encodeRowBatch(batch('b')))).toStrictEqual(batch('b'));
  });

  it('gives the same bytes for the same batch', () => {
    expect(encodeRowBatch(rich)).toStrictEqual(encodeRowBatch(structuredClone(rich)));
  });

  it('compresses a body only when that makes it smaller', () => {
    const many = batch('b', {
      events: Array.from({ length: 100 }, (_, i) =>
        event({ insertId: `insert-id-number-${i}`, properties: { plan: 'pro' } }),
      ),
    });
    const flags = rowBatchHeaderLayout.flags;
    expect(encodeRowBatch(many)[flags]).toBe(1);
    expect(encodeRowBatch(batch('b'))[flags]).toBe(0);
    expect(decodeRowBatch(encodeRowBatch(many))).toStrictEqual(many);
  });

  it('tells the header without the body', () => {
    expect(rowBatchHeader(encodeRowBatch(rich))).toStrictEqual({
      batchId: 'batch-0001',
      project: 7,
      shard: 3,
      sequence: 1_709_510_400_000_123,
    });
  });

  it('reads bytes that do not begin at an aligned place', () => {
    const bytes = encodeRowBatch(rich);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeRowBatch(shifted)).toStrictEqual(rich);
  });
});

describe('row batch that cannot be written', () => {
  const cases: readonly [string, RowBatch, string][] = [
    ['no id', batch(''), 'batch id has 0 bytes, allowed are 1 to 1024'],
    ['project 0', batch('b', { project: 0 }), 'project 0 is not a positive integer of 32 bits'],
    ['a broken shard', batch('b', { shard: 1.5 }), 'shard 1.5 is not an integer of 32 bits'],
    [
      'a huge sequence',
      batch('b', { sequence: 2 ** 60 }),
      'sequence 1152921504606847000 is not a safe integer',
    ],
    [
      'a broken arrival time',
      batch('b', { receivedAt: Number.NaN }),
      'arrival time NaN is not a whole number of milliseconds',
    ],
    [
      'a broken time',
      batch('b', { events: [event({ time: 1.5 })] }),
      'time 1.5 is not a whole number of milliseconds',
    ],
    [
      'a negative position',
      batch('b', { events: [event({ position: -1 })] }),
      'position -1 is not an integer of 32 bits',
    ],
  ];
  it.each(cases)('is refused: %s', (_, wrong, message) => {
    expect(() => encodeRowBatch(wrong)).toThrow(
      expect.objectContaining({ code: 'INVALID_BATCH', message }),
    );
  });

  it('is refused: values that are nested without end', () => {
    let value: unknown = 1;
    for (let i = 0; i < 40; i++) value = [value];
    const nested = batch('b', { events: [event({ properties: { value: value as [] } })] });
    expect(() => encodeRowBatch(nested)).toThrow(
      'a value is nested more than 32 deep: flatten it before it is sent',
    );
  });
});

describe('damaged row batch', () => {
  const bytes = encodeRowBatch(rich);

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(failure(bytes.subarray(0, length))).toMatch(/^CORRUPT_BATCH: row batch: /);
    }
  });

  it('is refused whichever byte is flipped', () => {
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = flipped[at] ^ 0x41;
      expect(failure(flipped)).toMatch(/^CORRUPT_BATCH: row batch: /);
    }
  });

  it('is refused with bytes behind its end', () => {
    const longer = reseal(Buffer.concat([encodeRowBatch(batch('b')), Buffer.from([0])]));
    expect(failure(longer)).toBe('CORRUPT_BATCH: row batch: offset 56: 1 bytes too many');
  });

  it('of a newer version asks for an upgrade', () => {
    const newer = Buffer.from(bytes);
    newer[rowBatchHeaderLayout.version] = 2;
    expect(failure(reseal(newer))).toBe(
      'UNSUPPORTED_VERSION: row batch: version 2 is newer than 1, which this build reads: upgrade it',
    );
  });

  it('with a forged length of its body allocates nothing', () => {
    const id = 'batch-0001'.length;
    const forged = Buffer.from(bytes);
    forged.writeUInt32LE(0x7fffffff, rowBatchHeaderLayout.size + id);
    expect(failure(reseal(forged))).toBe(
      'CORRUPT_BATCH: row batch: offset 58: body of 2147483647 bytes exceeds 67108864',
    );
    const bomb = Buffer.from(bytes);
    bomb[rowBatchHeaderLayout.flags] = 1;
    bomb.writeUInt32LE(60_000_000, rowBatchHeaderLayout.size + id);
    expect(failure(reseal(bomb))).toMatch(/cannot expand to 60000000: the length is forged$/);
  });

  it('with a forged count of events allocates nothing', () => {
    const forged = Buffer.from(bytes);
    forged.writeUInt32LE(0xffffffff, rowBatchHeaderLayout.eventCount);
    expect(failure(reseal(forged))).toMatch(/4294967295 events, 1 updates and 1 links do not fit/);
  });

  it('with unknown flags is refused', () => {
    const forged = Buffer.from(bytes);
    forged[rowBatchHeaderLayout.flags] = 0x82;
    expect(failure(reseal(forged))).toBe(
      'CORRUPT_BATCH: row batch: offset 5: flags 130 are unknown',
    );
  });
});
