import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { EngineError } from '../../base/errors.ts';
import { bytesSource } from './byte-source.ts';
import { encodeSegment } from './encode-segment.ts';
import { SegmentFile } from './segment-file.ts';
import type { SegmentRows } from './segment-rows.ts';
import { plainRows, toPlainRows, toSegmentRows } from './testing/random-rows.ts';
import { reseal } from './testing/reseal.ts';
import { shopDay } from './testing/shop-day.ts';

const head = { project: 7, shard: 3, day: 20_454 };
const runs = { numRuns: propertyRuns, seed: propertySeed };
const open = (bytes: Uint8Array): SegmentFile => SegmentFile.open(bytesSource(bytes), head);

/** Reads every column in every way; gives 'rows', or the code of the error. Anything else is thrown. */
function outcome(bytes: Uint8Array): string {
  try {
    const file = SegmentFile.open(bytesSource(bytes));
    const rows = file.rows();
    for (const name of file.properties) {
      const numbers = file.numbers(name);
      expect(numbers).toHaveLength(file.dictionary(name).length);
    }
    file.activeUsers(new Set(file.events.slice(0, 1).map(({ name }) => name)));
    checkBounds(rows, file);
    return 'rows';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.code;
  }
}

/** Whoever reads rows indexes by their codes: these must not lead outside, also from forged bytes. */
function checkBounds(rows: SegmentRows, file: SegmentFile): void {
  expect(rows.times.every((time) => time < 86_400_000)).toBe(true);
  expect(rows.batches.every((batch) => batch < rows.batchSequences.length)).toBe(true);
  expect(rows.sentIds.every((id) => id < rows.sentIdTexts.length)).toBe(true);
  for (const { codes, values } of rows.properties) {
    expect(codes.every((code) => code < values.length)).toBe(true);
  }
  file.events.forEach((event, e) => {
    const { users, starts } = file.userRuns(e);
    expect(starts.at(-1)).toBe(event.rowCount);
    expect(users.every((user, r) => r === 0 || user > users[r - 1])).toBe(true);
  });
}

const outcomes = ['rows', 'CORRUPT_SEGMENT', 'UNSUPPORTED_VERSION'];

describe('any segment', () => {
  it('gives back the rows it was made from', () => {
    fc.assert(
      fc.property(plainRows(60), (rows) => {
        expect(toPlainRows(open(encodeSegment(toSegmentRows(rows), head)).rows())).toEqual(rows);
      }),
      runs,
    );
  });

  it('gives back a day in which properties tell each other', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 400 }), (seed, userCount) => {
        const rows = shopDay(userCount, seed);
        expect(toPlainRows(open(encodeSegment(toSegmentRows(rows), head)).rows())).toEqual(rows);
      }),
      { ...runs, numRuns: Math.ceil(propertyRuns / 30) },
    );
  });

  it('has the same bytes, however its codes were numbered', () => {
    fc.assert(
      fc.property(plainRows(40), (rows) => {
        const bytes = encodeSegment(toSegmentRows(rows), head);
        expect(Buffer.compare(encodeSegment(open(bytes).rows(), head), bytes)).toBe(0);
        const padded = withUnusedCodes(toSegmentRows(rows));
        expect(Buffer.compare(encodeSegment(padded, head), bytes)).toBe(0);
      }),
      runs,
    );
  });

  it('tells of each event what its rows say', () => {
    fc.assert(
      fc.property(plainRows(60), (rows) => {
        const file = open(encodeSegment(toSegmentRows(rows), head));
        for (const event of file.events) {
          const own = rows.filter((row) => row.event === event.name);
          const times = own.map((row) => row.time);
          expect(event).toMatchObject({
            rowCount: own.length,
            userCount: new Set(own.map((row) => row.user)).size,
            firstTime: Math.min(...times),
            lastTime: Math.max(...times),
            properties: [...new Set(own.flatMap((row) => [...row.properties.keys()]))]
              .sort()
              .map((name) => ({
                name,
                presentCount: own.filter((row) => row.properties.has(name)).length,
              })),
          });
          event.hourCounts.forEach((count, hour) => {
            expect(times.filter((ms) => Math.floor(ms / 3_600_000) === hour)).toHaveLength(count);
          });
        }
      }),
      runs,
    );
  });

  it('with changed bytes is refused, or its rows are right', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(
        plainRows(25),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (rows, changes) => {
          const bytes = encodeSegment(toSegmentRows(rows), head);
          for (const { at, to } of changes) bytes[at % bytes.length] = to;
          const result = outcome(bytes);
          expect(outcomes).toContain(result);
          // Only padding is in no checksum: what is read in spite of a change is what was written.
          const read = result === 'rows' ? toPlainRows(open(bytes).rows()) : rows;
          expect(read).toEqual(rows);
        },
      ),
      { ...runs, numRuns: 2 * propertyRuns },
    );
  });

  it('with changed bytes and checksums that fit is read or refused, never worse', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    const rows = fc.oneof(
      plainRows(25),
      fc.nat().map((seed) => shopDay(30, seed)),
    );
    fc.assert(
      fc.property(rows, fc.array(change, { minLength: 1, maxLength: 3 }), (list, changes) => {
        const bytes = encodeSegment(toSegmentRows(list), head);
        // Behind the version, so that the change is not refused for that alone.
        for (const { at, to } of changes) bytes[5 + (at % (bytes.length - 5))] = to;
        expect(outcomes).toContain(outcome(reseal(bytes)));
      }),
      { ...runs, numRuns: 2 * propertyRuns },
    );
  });

  it('that was cut is refused', () => {
    fc.assert(
      fc.property(plainRows(25), fc.nat(), (rows, at) => {
        const bytes = encodeSegment(toSegmentRows(rows), head);
        const cut = bytes.slice(0, at % bytes.length);
        expect(outcome(cut)).toBe('CORRUPT_SEGMENT');
      }),
      runs,
    );
  });

  it('is not found in random bytes', () => {
    const begin = Buffer.from('ARSG\u0001\u0000\u0058\u0000', 'latin1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, hasHeader) => {
        const bytes = hasHeader ? reseal(Buffer.concat([begin, noise])) : noise;
        expect(outcomes.slice(1)).toContain(outcome(bytes));
      }),
      { ...runs, numRuns: 2 * propertyRuns },
    );
  });
});

type SegmentProperty = SegmentRows['properties'][number];

const withUnusedValue = ({ name, codes, values }: SegmentProperty): SegmentProperty => ({
  name,
  codes: codes.map((code) => (code === 0 ? 0 : code + 1)),
  values: [null, 'unused', ...values.slice(1)],
});

/** The same rows, with values, batches and ids that no row has in between. */
function withUnusedCodes(rows: SegmentRows): SegmentRows {
  const unused = { name: 'plan', codes: new Uint32Array(rows.rowCount), values: [null, 'unused'] };
  return {
    ...rows,
    batchSequences: Float64Array.of(-1, ...rows.batchSequences),
    batches: rows.batches.map((batch) => batch + 1),
    sentIdTexts: ['', 'nobody', ...rows.sentIdTexts.slice(1)],
    sentIds: rows.sentIds.map((id) => (id === 0 ? 0 : id + 1)),
    properties: [...rows.properties.map(withUnusedValue), unused]
      .filter(
        ({ name }, p) =>
          p < rows.properties.length || !rows.properties.some((own) => own.name === name),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
