import fs from 'node:fs';
import { columnNames, columnsFrom, columnTypes, type DayColumns } from './day-columns.ts';

/**
 * Days on disk, in ClickHouse's Native format: one block with, for each column, name, type and the values
 * as they lie in memory. ClickHouse reads it as it is, DuckDB's loader and Arbor's through `readDay`.
 *
 * varint column count · varint row count · per column: varint length + name, varint length + type, values
 * (little-endian).
 */
export function encodeBlock(
  rowCount: number,
  columns: readonly { name: string; type: string; bytes: Uint8Array }[],
): Uint8Array {
  return Buffer.concat([
    varint(columns.length),
    varint(rowCount),
    ...columns.flatMap(({ name, type, bytes }) => [text(name), text(type), bytes]),
  ]);
}

export function writeDay(file: string, day: DayColumns): void {
  const columns = columnNames.map((name) => {
    const values = day[name];
    return {
      name,
      type: `UInt${values.BYTES_PER_ELEMENT * 8}`,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    };
  });
  writeWhole(file, encodeBlock(day.rowCount, columns));
}

/** Throws when the file is not one that `writeDay` has written. */
export function readDay(file: string): DayColumns {
  const bytes = fs.readFileSync(file);
  const reader = { bytes, offset: 0 };
  const columnCount = readVarint(reader);
  const rowCount = readVarint(reader);
  if (columnCount !== columnNames.length) {
    throw new Error(
      `${file} has ${columnCount} columns, not ${columnNames.length}: generate it again`,
    );
  }
  return columnsFrom(rowCount, (name) => {
    const found = `${readText(reader)} ${readText(reader)}`;
    const type = columnTypes[name];
    const wanted = `${name} UInt${type.BYTES_PER_ELEMENT * 8}`;
    if (found !== wanted) {
      throw new Error(`${file} has column "${found}" where "${wanted}" belongs: generate it again`);
    }
    const end = reader.offset + rowCount * type.BYTES_PER_ELEMENT;
    // A copy, because a view would need an offset that is a multiple of the width.
    const copy = bytes.buffer.slice(bytes.byteOffset + reader.offset, bytes.byteOffset + end);
    reader.offset = end;
    return new type(copy);
  });
}

/** What stands under its name is complete: a run that was killed leaves a draft, which is made again. */
export function writeWhole(file: string, bytes: Uint8Array | string): void {
  fs.writeFileSync(`${file}.draft`, bytes);
  fs.renameSync(`${file}.draft`, file);
}

/** A column of strings, as ClickHouse's Native format has it. */
export function stringBytes(values: Iterable<string>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const value of values) parts.push(text(value));
  return Buffer.concat(parts);
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

function readVarint(reader: Reader): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = reader.bytes[reader.offset++];
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}

function readText(reader: Reader): string {
  const length = readVarint(reader);
  reader.offset += length;
  return Buffer.from(reader.bytes.subarray(reader.offset - length, reader.offset)).toString();
}
