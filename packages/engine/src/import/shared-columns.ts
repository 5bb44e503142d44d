import type { ImportColumns } from './import-columns.ts';

/** The columns in memory that several threads may read. */
export function sharedColumns(columns: ImportColumns): ImportColumns {
  const { rowCount, times, insertIdBytes } = columns;
  const uint32 = (column: Uint32Array): Uint32Array => {
    const shared = new Uint32Array(new SharedArrayBuffer(column.length * 4));
    shared.set(column);
    return shared;
  };
  const sharedTimes = new Float64Array(new SharedArrayBuffer(rowCount * 8));
  sharedTimes.set(times);
  const sharedBytes = new Uint8Array(new SharedArrayBuffer(insertIdBytes.length));
  sharedBytes.set(insertIdBytes);
  return {
    rowCount,
    times: sharedTimes,
    events: uint32(columns.events),
    users: uint32(columns.users),
    shapes: uint32(columns.shapes),
    values: uint32(columns.values),
    valueStarts: uint32(columns.valueStarts),
    insertIdBytes: sharedBytes,
    insertIdEnds: uint32(columns.insertIdEnds),
  };
}
