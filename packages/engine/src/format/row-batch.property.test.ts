import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum } from '../base/checksum.ts';
import { EngineError } from '../base/errors.ts';
import { rowBatchHeaderLayout } from './constants.ts';
import { headSeed } from './decode/batch-header.ts';
import { decodeRowBatch, encodeRowBatch, type RowBatch, rowBatchHeader } from './row-batch.ts';

/** Text without lone surrogates, which no UTF-8 can hold. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.oneof(fc.constantFrom('plan', 'price', '__proto__', 'constructor', ''), text);

const value: fc.Arbitrary<PropertyValue> = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 300 }),
    fc.double(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const properties = fc.dictionary(name, value, { maxKeys: 8, noNullPrototype: true });
const time = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 10_000 }).map((ms) => 1_709_510_400_000 + ms),
);
const position = fc.integer({ min: 0, max: 0xffffffff });

const operation: fc.Arbitrary<PersonOperation> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('$set', '$set_once', '$append', '$remove'),
    values: properties,
  }),
  fc.record({
    operator: fc.constant('$add' as const),
    values: fc.dictionary(name, fc.double(), { maxKeys: 3, noNullPrototype: true }),
  }),
  fc.record({
    operator: fc.constant('$union' as const),
    values: fc.dictionary(name, fc.array(value, { maxLength: 3 }), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  }),
  fc.record({ operator: fc.constant('$unset' as const), names: fc.array(name, { maxLength: 3 }) }),
  fc.constant({ operator: '$delete' as const }),
);

const anyBatch: fc.Arbitrary<RowBatch> = fc.record({
  batchId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  project: fc.integer({ min: 1, max: 0xffffffff }),
  shard: fc.integer({ min: 0, max: 0xffffffff }),
  sequence: fc.maxSafeInteger(),
  receivedAt: time,
  events: fc.array(
    fc.record({
      event: text,
      time,
      sentTime: time,
      distinctId: text,
      user: text,
      insertId: text,
      position,
      properties,
    }),
    { maxLength: 12 },
  ),
  persons: fc.array(
    fc.record(
      {
        user: text,
        distinctId: text,
        insertId: text,
        time,
        ignoreTime: fc.boolean(),
        position,
        operations: fc.array(operation, { maxLength: 4 }),
      },
      { requiredKeys: ['user', 'distinctId', 'time', 'ignoreTime', 'position', 'operations'] },
    ),
    { maxLength: 4 },
  ),
  links: fc.array(fc.record({ loser: text, winner: text }), { maxLength: 4 }),
});

/** Whatever the bytes: a batch, or one of the two typed errors. Anything else is thrown, and fails the test. */
function outcome(bytes: Uint8Array): string {
  try {
    decodeRowBatch(bytes);
    rowBatchHeader(bytes);
    return 'batch';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.code;
  }
}

const refusals = ['CORRUPT_BATCH', 'UNSUPPORTED_VERSION'];
const outcomes = ['batch', ...refusals];

function reseal(bytes: Buffer): Buffer {
  if (bytes.length < rowBatchHeaderLayout.size) return bytes;
  bytes.writeUInt32LE(
    checksum(bytes.subarray(rowBatchHeaderLayout.project), headSeed(bytes)),
    rowBatchHeaderLayout.checksum,
  );
  return bytes;
}

describe('any row batch', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyBatch, (batch) => {
        // `time` 0 and -0 are one instant: a batch holds whole numbers.
        expect(decodeRowBatch(encodeRowBatch(batch))).toEqual(batch);
      }),
      { numRuns: 300 },
    );
  });

  it('with changed bytes and a checksum that fits is read or refused, never worse', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(anyBatch, fc.array(change, { minLength: 1, maxLength: 6 }), (batch, changes) => {
        const bytes = Buffer.from(encodeRowBatch(batch));
        for (const { at, to } of changes) {
          // Behind the version, so that the change is not refused for that alone.
          const place = 5 + (at % (bytes.length - 5));
          bytes[place] = to;
        }
        expect(outcomes).toContain(outcome(reseal(bytes)));
      }),
      { numRuns: 1500 },
    );
  });

  it('that was cut and resealed is refused', () => {
    fc.assert(
      fc.property(anyBatch, fc.nat(), (batch, at) => {
        const bytes = Buffer.from(encodeRowBatch(batch));
        const cut = Buffer.from(bytes.subarray(0, at % bytes.length));
        expect(refusals).toContain(outcome(reseal(cut)));
      }),
      { numRuns: 300 },
    );
  });

  it('is not found in random bytes', () => {
    const header = Buffer.from('ARWB\u0001', 'latin1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, hasHeader) => {
        expect(refusals).toContain(outcome(noise));
        const bytes = Buffer.concat([hasHeader ? header : Buffer.alloc(0), noise]);
        expect(outcomes).toContain(outcome(reseal(bytes)));
      }),
      { numRuns: 1500 },
    );
  });
});
