import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { chooseFile, firstMapping, propertyColumns } from './chosen-file.ts';
import { fingerprintOf } from './fingerprint.ts';
import { importRow } from './import-run.ts';
import { guessMapping } from './mapping.ts';
import { readRows } from './source-rows.ts';

const file = (content: string | Buffer, name = 'f'): File =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name);
const rowsOf = async (content: string | Buffer) => {
  const rows = [];
  for await (const row of readRows(file(content))) rows.push(row);
  return rows;
};

describe('readRows', () => {
  it('reads tables, with their cells typed and their lines', async () => {
    const rows = await rowsOf('event, time ,n\r\nBuy,2026-01-01,7\n"a\nb",,true,too many\nBye,,\n');
    expect(rows.map(({ line, row }) => [line, row])).toEqual([
      [2, { event: 'Buy', time: '2026-01-01', n: 7 }],
      [3, null],
      [5, { event: 'Bye' }],
    ]);
  });

  it('reads lines of JSON as they stand, and marks those that are none', async () => {
    const rows = await rowsOf('{"event":"Ä"}\r\n\n{"event":\n[1]\n{"last":1}');
    expect(rows).toEqual([
      { line: 1, text: '{"event":"Ä"}', row: { event: 'Ä' }, isLine: true },
      { line: 3, text: '{"event":', row: null, isLine: true },
      { line: 4, text: '[1]', row: null, isLine: true },
      { line: 5, text: '{"last":1}', row: { last: 1 }, isLine: true },
    ]);
  });

  it('reads a list of JSON', async () => {
    const rows = await rowsOf(' [ {"a": 1}, 2 ]');
    expect(rows).toEqual([
      { line: 1, text: '{"a":1}', row: { a: 1 }, isLine: true },
      { line: 2, text: '2', row: null, isLine: true },
    ]);
  });

  it('unpacks gzip, whatever the file is called, and tells how far it is', async () => {
    const packed = gzipSync('{"a":1}\n'.repeat(5000));
    let bytes = 0;
    let count = 0;
    for await (const row of readRows(file(packed), { onBytes: (read) => (bytes = read) })) {
      count += row.row === null ? 0 : 1;
    }
    expect(count).toBe(5000);
    expect(bytes).toBe(packed.length);
  });

  it('reads Parquet, a row group at a time, as the command line does', async () => {
    const at = new Date('2024-03-05T10:00:00Z');
    const content = parquetWriteBuffer({
      rowGroupSize: 2,
      columnData: [
        { name: 'event', data: ['A', 'B', 'C'], type: 'STRING' },
        { name: 'time', data: [at, at, new Date(at.getTime() + 5)], type: 'TIMESTAMP' },
        { name: 'n', data: [1n, null, 2n ** 60n], type: 'INT64' },
        { name: 'properties', data: ['{"x":1}', null, null], type: 'STRING' },
      ],
    });
    const done: number[] = [];
    const rows = [];
    const given = file(Buffer.from(content));
    for await (const row of readRows(given, { onBytes: (read) => done.push(read) })) rows.push(row);
    const expected = [
      { event: 'A', time: at, n: 1, properties: { x: 1 } },
      { event: 'B', time: at },
      { event: 'C', time: new Date(at.getTime() + 5), n: '1152921504606846976' },
    ];
    const isLine = false;
    expect(rows).toEqual(
      expected.map((row, i) => ({ line: i + 1, text: JSON.stringify(row), row, isLine })),
    );
    expect([done.length, done.at(-1)]).toEqual([2, given.size]);
    const chosen = await chooseFile(given);
    expect(chosen.columns).toEqual(['event', 'time', 'n', 'properties']);
    // A column of the time beside the properties: the columns say what an event is.
    const mapping = firstMapping(chosen);
    expect(mapping).toMatchObject({ type: 'columns', columns: { time: 'time' } });
    const sent = rows.map((row) => importRow(row, { mapping, timezone: 'Asia/Tokyo' }).json);
    expect(sent.map((json) => JSON.parse(json) as unknown)).toEqual([
      { event: 'A', properties: { x: 1, n: 1, time: at.getTime() } },
      { event: 'B', properties: { time: at.getTime() } },
      { event: 'C', properties: { n: '1152921504606846976', time: at.getTime() + 5 } },
    ]);
  });

  it('takes a table of whole events as such', async () => {
    const properties = ['{"time":5,"distinct_id":"u"}', '{"time":6,"distinct_id":"u"}'];
    const content = parquetWriteBuffer({
      columnData: [
        { name: 'properties', data: properties, type: 'STRING' },
        { name: 'event', data: ['A', 'B'], type: 'STRING' },
      ],
    });
    const chosen = await chooseFile(file(Buffer.from(content)));
    const mapping = firstMapping(chosen);
    expect(mapping).toEqual({ type: 'events' });
    const sent = chosen.rows.map((row) => importRow(row, { mapping, timezone: 'UTC' }).json);
    expect(sent).toEqual([
      `{"event":"A","properties":${properties[0]}}`,
      `{"event":"B","properties":${properties[1]}}`,
    ]);
  });

  it.each([
    ['GZIP', gzipSync],
    ['BROTLI', brotliCompressSync],
  ] as const)('reads Parquet that is packed with %s', async (codec, pack) => {
    const names = Array.from({ length: 500 }, (_, i) => `event ${i % 7}`);
    const content = parquetWriteBuffer({
      columnData: [{ name: 'event', data: names, type: 'STRING' }],
      codec,
      compressors: { [codec]: (input: Uint8Array) => new Uint8Array(pack(input)) },
    });
    const rows = await rowsOf(Buffer.from(content));
    expect(rows.map(({ row }) => row?.['event'])).toEqual(names);
  });

  it('says what it cannot read', async () => {
    await expect(rowsOf('PK\u0003\u0004')).rejects.toThrow('The file is a zip archive');
    await expect(rowsOf('PAR1xxxx')).rejects.toThrow('The file cannot be read: ');
    await expect(rowsOf('[1,')).rejects.toThrow('The file cannot be read: ');
    await expect(rowsOf('a,b\n"x,1\n')).rejects.toThrow('line 2: a quoted cell never ends');
    await expect(rowsOf(Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0xfe]))).rejects.toThrow(
      'the file is not text in UTF-8',
    );
  });
});

describe('a chosen file', () => {
  it('is one of events as they stand, or one of columns', async () => {
    const events = await chooseFile(file('{"event":"Buy","properties":{}}\nbroken\n'));
    expect(firstMapping(events)).toEqual({ type: 'events' });
    const table = await chooseFile(file('event,time,user,plan\nBuy,1,u,pro\n'));
    expect(table.columns).toEqual(['event', 'time', 'user', 'plan']);
    expect(firstMapping(table)).toMatchObject({ type: 'columns' });
    expect(propertyColumns(table.columns, guessMapping(table.columns))).toEqual(['plan']);
    await expect(chooseFile(file('event,time\n'))).rejects.toThrow('The file has no rows');
  });

  it('is told apart by name, size and beginning', async () => {
    const prints = await Promise.all([
      fingerprintOf(file('a,b', 'one')),
      fingerprintOf(file('a,b', 'one')),
      fingerprintOf(file('a,b', 'two')),
      fingerprintOf(file('a,c', 'one')),
    ]);
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(prints[0]).toBe(prints[1]);
    expect(new Set(prints).size).toBe(3);
  });
});
