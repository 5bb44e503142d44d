import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { EngineError } from '../../base/errors.ts';
import { segmentHeaderLayout } from '../constants.ts';
import { type ByteSource, bytesSource, fileSource } from './byte-source.ts';
import type { ColumnMemory } from './column-memory.ts';
import { encodeSegment } from './encode-segment.ts';
import { headerChecksum } from './segment-header.ts';
import { SegmentFile } from './segment-file.ts';
import type { SegmentRows } from './segment-rows.ts';
import { type PlainRow, sortPlainRows, toPlainRows, toSegmentRows } from './testing/random-rows.ts';
import { shopDay } from './testing/shop-day.ts';

const head = { project: 7, shard: 3, day: 20_454 };

const row = (fields: Partial<PlainRow>): PlainRow => ({
  event: 'View',
  user: 1,
  time: 0,
  tieRank: 0,
  sequence: 1,
  sentTime: null,
  sentId: null,
  insertId: '',
  properties: new Map(),
  ...fields,
});

const segmentOf = (...rows: PlainRow[]): Uint8Array =>
  encodeSegment(toSegmentRows(sortPlainRows(rows)), head);
const open = (bytes: Uint8Array): SegmentFile => SegmentFile.open(bytesSource(bytes), head);

/** The code and the text of the error. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}

/** Counts the reads, and the bytes of each. */
function counted(bytes: Uint8Array): { source: ByteSource; reads: number[] } {
  const reads: number[] = [];
  const inner = bytesSource(bytes);
  const read = (offset: number, length: number): Uint8Array => {
    const got = inner.read(offset, length);
    reads.push(got.length);
    return got;
  };
  const readInto = (target: Uint8Array, offset: number): number => {
    reads.push(target.length);
    return inner.readInto(target, offset);
  };
  return { source: { ...inner, read, readInto }, reads };
}

describe('a segment', () => {
  it('says what it holds without reading a column', () => {
    const { source, reads } = counted(
      segmentOf(
        row({ user: 4, time: 3_600_000, properties: new Map([['plan', 'pro']]) }),
        row({ user: 4, time: 3_600_001 }),
        row({ user: 9, time: 86_399_999, properties: new Map([['plan', 'free']]) }),
        row({ event: 'Buy', user: 2, properties: new Map([['price', 9.5]]) }),
      ),
    );
    const file = SegmentFile.open(source, head);
    expect(file).toMatchObject({ ...head, rowCount: 4, userCount: 3, tieRankMax: 0 });
    expect(file.properties).toEqual(['plan', 'price']);
    expect(file.events.map(({ name }) => name)).toEqual(['Buy', 'View']);
    expect(file.eventIndex('View')).toBe(1);
    expect(file.eventIndex('Sell')).toBe(-1);
    const { hourCounts, ...view } = file.events[1];
    expect(view).toEqual({
      name: 'View',
      rowCount: 3,
      userCount: 2,
      firstTime: 3_600_000,
      lastTime: 86_399_999,
      properties: [{ name: 'plan', presentCount: 2, codeMin: 1, codeMax: 2 }],
    });
    expect([hourCounts[1], hourCounts[23]]).toEqual([2, 1]);
    expect(reads).toHaveLength(1);
  });

  it('reads one block for a column that stands alone', () => {
    const rows = Array.from({ length: 2000 }, (_, i) =>
      row({ user: 1 + (i % 50), time: i * 17, properties: new Map([['n', (i * 7919) % 1000]]) }),
    );
    const { source, reads } = counted(segmentOf(...rows));
    const file = SegmentFile.open(source, head);
    reads.length = 0;
    expect(file.column(0, 'n')).toHaveLength(2000);
    expect(reads).toHaveLength(1);
  });

  it('has runs of users, nobody first', () => {
    const file = open(
      segmentOf(row({ user: 0 }), row({ user: 5 }), row({ user: 5, time: 3 }), row({ user: 8 })),
    );
    expect(file.userRuns(0)).toEqual({
      users: Uint32Array.of(0, 5, 8),
      starts: Uint32Array.of(0, 1, 3, 4),
    });
  });

  it('decodes into the memory it is given', () => {
    const file = open(segmentOf(row({ time: 5, properties: new Map([['plan', 'pro']]) })));
    const shared: ColumnMemory = {
      bytes: (count) => new Uint8Array(new SharedArrayBuffer(count)),
      halves: (count) => new Uint16Array(new SharedArrayBuffer(count * 2)),
      words: (count) => new Uint32Array(new SharedArrayBuffer(count * 4)),
    };
    const { users, starts } = file.userRuns(0, shared);
    expect(starts.buffer).toBe(users.buffer);
    const columns = [file.times(0, shared), file.column(0, 'plan', shared), users];
    expect(columns).toEqual([Uint32Array.of(5), Uint8Array.of(1), Uint32Array.of(1)]);
    for (const column of columns) expect(column?.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('decodes over whatever the memory held before', () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      row({
        user: 1 + (i % 7),
        time: Math.floor(i / 4),
        sentId: i % 3 === 0 ? 'other' : null,
        properties: new Map<string, PropertyValue>([
          ['n', (i * 7919) % 1000],
          ['rare', i % 100 === 0],
          ['by user', i % 7],
        ]),
      }),
    );
    const file = open(segmentOf(...rows));
    const dirty: ColumnMemory = {
      bytes: (count) => new Uint8Array(count).fill(0xa5),
      halves: (count) => new Uint16Array(count).fill(0xa5a5),
      words: (count) => new Uint32Array(count).fill(0xa5a5a5a5),
    };
    expect(file.userRuns(0, dirty)).toEqual(file.userRuns(0));
    expect(file.times(0, dirty)).toEqual(file.times(0));
    expect(file.tieRanks(0, dirty)).toEqual(file.tieRanks(0));
    expect(file.batches(0, dirty)).toEqual(file.batches(0));
    expect(file.sentIds(0, dirty)).toEqual(file.sentIds(0));
    for (const name of file.properties) {
      expect(file.column(0, name, dirty)).toEqual(file.column(0, name));
    }
  });

  it.each([
    [255, Uint8Array],
    [256, Uint16Array],
    [65_535, Uint16Array],
    [65_536, Uint32Array],
  ])('has codes of %i values in the narrowest array', (count, type) => {
    const rows = Array.from({ length: count }, (_, i) =>
      row({ time: i, properties: new Map([['n', i]]) }),
    );
    const codes = open(segmentOf(...rows)).column(0, 'n');
    expect(codes).toBeInstanceOf(type);
    expect([...(codes ?? [])]).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('keeps types apart and gives numbers by code', () => {
    const values = [
      1,
      '1',
      true,
      null,
      [1],
      1.5,
      -0,
      0,
      { a: 1 },
      '',
      false,
      1e300,
      'ä',
      '2026-01-01',
    ];
    const rows = values.map((value, time) => row({ time, properties: new Map([['v', value]]) }));
    const file = open(segmentOf(...rows));
    const codes = file.column(0, 'v') ?? [];
    const dictionary = file.dictionary('v');
    expect(Array.from(codes, (code) => dictionary[code])).toEqual(values);
    const numbers = file.numbers('v');
    expect(Array.from(codes, (code) => numbers[code])).toEqual(
      values.map((value) => (typeof value === 'number' ? value : NaN)),
    );
  });

  it('knows nothing of a property that no row has', () => {
    const file = open(segmentOf(row({}), row({ event: 'Buy', properties: new Map([['a', 1]]) })));
    expect(file.column(file.eventIndex('View'), 'a')).toBeUndefined();
    expect(file.column(0, 'b')).toBeUndefined();
    expect(file.dictionary('b')).toEqual([null]);
    expect([...file.numbers('b')]).toEqual([NaN]);
  });

  it('lists who was active, without those who only sent commands', () => {
    const file = open(
      segmentOf(
        row({ user: 0 }),
        row({ user: 3 }),
        row({ event: 'Buy', user: 2 }),
        row({ event: '$identify', user: 1 }),
        row({ event: '$identify', user: 3 }),
      ),
    );
    expect([...file.activeUsers(new Set(['$identify']))]).toEqual([0, 2, 3]);
    expect([...file.activeUsers(new Set())]).toEqual([0, 1, 2, 3]);
  });

  it('may be empty', () => {
    const file = open(segmentOf());
    expect(file).toMatchObject({ rowCount: 0, events: [], properties: [] });
    expect(toPlainRows(file.rows())).toEqual([]);
    expect([...file.activeUsers(new Set())]).toEqual([]);
  });

  it('takes fewer than 8 bytes an event of a shop, and few bits for what follows from the user', () => {
    const rows = shopDay(3000, 1);
    const bytes = encodeSegment(toSegmentRows(rows), head);
    expect(bytes.length / rows.length).toBeLessThan(8);
    const without = rows.map((each) => ({ ...each, properties: new Map(each.properties) }));
    for (const each of without) each.properties.delete('country');
    const saved = bytes.length - encodeSegment(toSegmentRows(without), head).length;
    expect((saved * 8) / rows.length).toBeLessThan(1.5);
  });

  it('names batches of an import by the time alone', () => {
    const rows = Array.from({ length: 6000 }, (_, i) =>
      row({ user: 1 + ((i * 7919) % 300), time: i * 1000, sequence: Math.floor(i / 500) }),
    );
    const bytes = segmentOf(...rows);
    const single = segmentOf(...rows.map((each) => ({ ...each, sequence: 1 })));
    expect(bytes.length - single.length).toBeLessThan(200);
    expect(toPlainRows(open(bytes).rows())).toEqual(sortPlainRows(rows));
  });

  it('takes for an insert id that Arbor made little more than its position', () => {
    const rows = Array.from({ length: 4000 }, (_, i) => {
      const sequence = 1_767_225_600_000_000 + Math.floor(i / 50) * 77_777;
      const insertId = `${sequence.toString(36)}-a1b2c3d4e5f6:${i % 50}`;
      return row({ user: 1 + ((i * 7919) % 900), time: i * 1000, sequence, insertId });
    });
    const bytes = segmentOf(...rows);
    const without = segmentOf(...rows.map((each) => ({ ...each, insertId: '' })));
    expect((bytes.length - without.length) / rows.length).toBeLessThan(1);
    expect(toPlainRows(open(bytes).rows())).toEqual(sortPlainRows(rows));
  });

  it('takes for a random insert id what its digits hold', () => {
    const hex = (i: number): string =>
      (Math.imul(i, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
    const rows = Array.from({ length: 4000 }, (_, i) =>
      row({ user: 1 + (i % 900), time: i * 1000, insertId: hex(i + 1) + hex(i * 7919 + 3) }),
    );
    const bytes = segmentOf(...rows);
    const without = segmentOf(...rows.map((each) => ({ ...each, insertId: '' })));
    expect((bytes.length - without.length) / rows.length).toBeLessThan(8.2);
  });
});

describe('opening a segment', () => {
  const bytes = segmentOf(row({ properties: new Map([['plan', 'pro']]) }));

  it('from a file, which it lets go of', () => {
    const folder = mkdtempSync(join(tmpdir(), 'arbor-segment-'));
    const path = join(folder, 'a.seg');
    writeFileSync(path, bytes);
    const file = SegmentFile.open(fileSource(path), head);
    expect(file.dictionary('plan')).toEqual([null, 'pro']);
    file.close();
    file.close();
    expect(() => file.dictionary('plan')).toThrow('is closed');
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['project', 'WRONG_PROJECT: segment of project 7 was found where project 8 belongs'],
    ['shard', 'WRONG_SHARD: segment of shard 3 was found where shard 4 belongs'],
    ['day', 'WRONG_DAY: segment of day 20454 was found where day 20455 belongs'],
  ] as const)('of another %s is refused', (field, text) => {
    const expected = { ...head, [field]: head[field] + 1 };
    expect(refusal(() => SegmentFile.open(bytesSource(bytes), expected))).toBe(text);
  });

  it('of a newer version asks for an upgrade', () => {
    const newer = bytes.slice();
    newer[segmentHeaderLayout.version] = 2;
    new DataView(newer.buffer).setUint32(segmentHeaderLayout.checksum, headerChecksum(newer), true);
    expect(refusal(() => open(newer))).toBe(
      'UNSUPPORTED_VERSION: segment: version 2 is not 1, which this build reads: upgrade it',
    );
  });

  it('closes its source when it is refused', () => {
    let closed = 0;
    const source = { ...bytesSource(bytes.slice(0, 50)), close: () => closed++ };
    expect(refusal(() => SegmentFile.open(source))).toBe(
      'CORRUPT_SEGMENT: segment: header: 50 bytes are shorter than a header',
    );
    expect(closed).toBe(1);
  });

  it('names the column whose bytes are damaged, and reads the others', () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      row({
        time: i,
        properties: new Map([
          ['n', (i * 7919) % 300],
          ['m', (i * 104_729) % 300],
        ]),
      }),
    );
    const damaged = segmentOf(...rows);
    // Dictionaries stand before the columns, and of these m's before n's, which is the last block.
    damaged[damaged.length - 20] ^= 1;
    const file = open(damaged);
    expect(refusal(() => file.column(0, 'n'))).toMatch(
      /^CORRUPT_SEGMENT: segment: event "View": column "n": checksum is 0x[0-9a-f]+, the index says 0x[0-9a-f]+$/,
    );
    expect(file.column(0, 'm')).toHaveLength(500);
  });
});

describe('rows that no segment can hold', () => {
  const good = toSegmentRows(
    sortPlainRows([row({ time: 1 }), row({ time: 2 }), row({ event: 'Zoom' })]),
  );
  const refused = (changes: Partial<SegmentRows>): string =>
    refusal(() => encodeSegment({ ...good, ...changes }, head));

  it.each<[string, Partial<SegmentRows>, string]>([
    [
      'too late a time',
      { times: Uint32Array.of(1, 86_400_000, 0) },
      'row 1: time 86400000 is outside a day',
    ],
    [
      'times that go back',
      { times: Uint32Array.of(2, 1, 0) },
      'row 1 of "View" is not in the order of users and times',
    ],
    [
      'users that go back',
      { users: Uint32Array.of(2, 1, 1) },
      'row 1 of "View" is not in the order of users and times',
    ],
    [
      'events out of order',
      { events: ['View', 'Buy'] },
      'event "Buy" follows "View", they must ascend',
    ],
    ['a batch of no sequence', { batches: Uint32Array.of(0, 1, 0) }, 'batches: 1 is outside 1'],
    ['a short column', { sentIds: new Uint32Array(2) }, 'sent ids has 2 rows instead of 3'],
    [
      'a name that UTF-8 cannot hold',
      { events: ['View', 'Zoom\ud800'] },
      'event name "Zoom\ud800" has a lone surrogate',
    ],
  ])('are refused: %s', (_, changes, text) => {
    expect(refused(changes)).toBe(`INVALID_SEGMENT: segment: ${text}`);
  });

  it('are refused for a day that is no whole number', () => {
    expect(refusal(() => encodeSegment(good, { ...head, day: 1.5 }))).toBe(
      'INVALID_SEGMENT: segment: project 7, shard 3, day 1.5 are not whole numbers of 32 bits',
    );
  });
});
