import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parquetValue } from '@arbor/schema/parquet-value';
import { cellValue } from '@arbor/schema/table-rows';
import { formatOf, readFileRecords, type ReadOptions } from './read-file.ts';
import { defaultColumns } from './row-record.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-tables-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

async function read(file: string, options: Omit<ReadOptions, 'token'> = {}): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of readFileRecords(file, { token: 't', ...options })) {
    if (record.kind === 'refused') records.push([record.line, record.reason]);
    else records.push([record.line, JSON.parse(record.json)]);
  }
  return records;
}
const $insert_id = expect.stringMatching(/^[0-9a-f]{12}$/) as string;

describe('CSV', () => {
  it('makes events of rows: named columns, and all others as properties', async () => {
    const text =
      'event,time,distinct_id,$insert_id,price,vip,tags,note\n' +
      'Buy,2024-03-05 10:00:00,7,i1,12.5,true,"[""a"",1]",007\n' +
      'Look,1709632800,u2,,,,,"two\nlines"\n' +
      'Odd,1709632800,u3,i3,1,false,,x,too many\n';
    expect(await read(write('events.csv', text))).toEqual([
      [
        2,
        {
          event: 'Buy',
          properties: {
            time: Date.UTC(2024, 2, 5, 10),
            distinct_id: '7',
            $insert_id: 'i1',
            price: 12.5,
            vip: true,
            tags: ['a', 1],
            note: '007',
          },
        },
      ],
      [
        3,
        {
          event: 'Look',
          properties: { time: 1709632800, distinct_id: 'u2', note: 'two\nlines', $insert_id },
        },
      ],
      [5, 'has 9 cells, the first line names 8 columns'],
    ]);
  });

  it('takes other columns, one name for all, and packed files, from a line on', async () => {
    const file = write('visits.csv.gz', zlib.gzipSync('when,who,page\n5,a,/x\n6,b,/y\n'));
    const columns = {
      ...defaultColumns,
      eventName: 'Visit',
      timeColumn: 'when',
      idColumn: 'who',
    };
    const properties = { time: 6, distinct_id: 'b', page: '/y', $insert_id };
    expect(await read(file, { columns, fromLine: 3 })).toEqual([
      [3, { event: 'Visit', properties }],
    ]);
  });

  it('makes people of rows where that is said', async () => {
    const file = write('people.csv', '$distinct_id,plan,age\nada,pro,36\n');
    expect(await read(file, { people: true })).toMatchObject([
      [2, { $token: 't', $distinct_id: 'ada', $set: { plan: 'pro', age: 36 } }],
    ]);
  });

  it('says what is wrong with a file that is none', async () => {
    await expect(read(write('bad.csv', 'event,time\n"Buy,1\n'))).rejects.toThrow(
      'line 2: a quoted cell never ends',
    );
  });

  test.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['10.50', 10.5],
    ['20.00', 20],
    ['007', '007'],
    ['1e3', '1e3'],
    ['Infinity', 'Infinity'],
    ['{"a":[1]}', { a: [1] }],
    ['[not', '[not'],
    ['true', true],
  ])('the cell %s', (cell, value) => {
    expect(cellValue(cell)).toEqual(value);
  });
});

describe('Parquet', () => {
  const at = new Date('2024-03-05T10:00:00Z');
  const content = (): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        rowGroupSize: 2,
        columnData: [
          { name: 'event', data: ['A', 'B', 'C'], type: 'STRING' },
          { name: 'time', data: [at, at, at], type: 'TIMESTAMP' },
          { name: 'distinct_id', data: ['u1', 'u2', 'u3'], type: 'STRING' },
          { name: 'n', data: [1n, null, 3n], type: 'INT64' },
          { name: 'born', data: [at, null, null], type: 'TIMESTAMP' },
          { name: 'properties', data: ['{"x":1}', null, 'none'], type: 'STRING' },
        ],
      }),
    );

  it('makes events of rows, row group by row group', async () => {
    const file = write('events.data', content());
    expect(formatOf(file)).toBe('parquet');
    const done: number[] = [];
    const records = await read(file, { onBytes: (bytes) => done.push(bytes) });
    const time = at.getTime();
    expect(records).toEqual([
      [
        1,
        {
          event: 'A',
          properties: {
            x: 1,
            n: 1,
            born: '2024-03-05T10:00:00',
            time,
            distinct_id: 'u1',
            $insert_id,
          },
        },
      ],
      [2, { event: 'B', properties: { time, distinct_id: 'u2', $insert_id } }],
      [
        3,
        {
          event: 'C',
          properties: { properties: 'none', n: 3, time, distinct_id: 'u3', $insert_id },
        },
      ],
    ]);
    expect([done.length, done.at(-1)]).toEqual([2, fs.statSync(file).size]);
  });

  it('says what is wrong with a damaged file', async () => {
    const file = write('cut.parquet', content().subarray(0, 200));
    await expect(read(file)).rejects.toThrow('cannot be read as Parquet: ');
  });

  test.each([
    [2n ** 60n, '1152921504606846976'],
    [Number.NaN, undefined],
    [new Date(Number.NaN), undefined],
    [{ a: 1n, b: null }, { a: 1 }],
    [
      [1n, null],
      [1, null],
    ],
    [new Uint8Array([104, 105]), 'aGk='],
  ])('the value %s', (value, plain) => {
    expect(parquetValue(value)).toEqual(plain);
  });
});
