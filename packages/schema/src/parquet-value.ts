import { dateText, type TableRow } from './table-rows.ts';

/**
 * A row of a Parquet file. Dates of columns stay dates: what they are written like depends on what the column is. A text
 * of JSON in a column `properties` is read: warehouses keep there what has no columns of its own.
 */
export function parquetRow(values: object): TableRow {
  const columns = Object.entries(values).flatMap(([name, value]) => {
    const own = isInstant(value) ? value : parquetValue(value);
    return own === undefined ? [] : [[name, name === 'properties' ? read(own) : own] as const];
  });
  return Object.fromEntries(columns);
}

/**
 * A value of a Parquet file as JSON says it; undefined = no value. Long numbers that JavaScript lacks are texts, bytes
 * base64, dates as Mixpanel writes them.
 */
export function parquetValue(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return isInstant(value) ? dateText(value) : undefined;
  if (value instanceof Uint8Array) return base64(value);
  const item = (one: unknown): unknown => parquetValue(one) ?? null;
  if (Array.isArray(value)) return value.map(item);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, item);
  }
  return parquetObject(value);
}

/** The members that have a value. */
function parquetObject(object: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(object).flatMap(([name, value]) => {
    const own = parquetValue(value);
    return own === undefined ? [] : [[name, own] as const];
  });
  return Object.fromEntries(members);
}

/** Some files have instants that JavaScript lacks. */
const isInstant = (value: unknown): value is Date =>
  value instanceof Date && !Number.isNaN(value.getTime());

function read(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
