import { expect, it } from 'vitest';
import { ImportColumnsWriter } from './import-columns.ts';
import { scanSource } from './json-scan.ts';

it.each([0, 1, 100])(
  'adds ids of every length and lists of values, with room for %i rows',
  (rows) => {
    const columns = new ImportColumnsWriter(rows);
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const source = scanSource(Buffer.from(`"${text}"`));
    let expected = '';
    for (let length = 0; length <= text.length; length++) {
      columns.addInsertId(source, 1, 1 + length);
      columns.addValues(Uint32Array.of(length, 7, 9), length % 3);
      expected += text.slice(0, length);
    }
    const { insertIdBytes, values } = columns.written();
    expect(Buffer.from(insertIdBytes).toString()).toBe(expected);
    expect(values.slice(0, 6)).toEqual(Uint32Array.of(1, 2, 7, 4, 5, 7));
    expect(values).toHaveLength(36);
  },
);

it('begins anew after it was cleared', () => {
  const columns = new ImportColumnsWriter();
  const source = scanSource(Buffer.from('"first-id" "b"'));
  columns.addInsertId(source, 1, 9);
  columns.addValues(Uint32Array.of(1), 1);
  columns.clear();
  columns.addInsertId(source, 12, 13);
  expect(Buffer.from(columns.written().insertIdBytes).toString()).toBe('b');
  expect(columns.written().values).toHaveLength(0);
});
