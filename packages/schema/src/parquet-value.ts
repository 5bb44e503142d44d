/**
 * A value of a Parquet file as JSON says it; undefined = no value. Long numbers that JavaScript lacks are texts, bytes base64,
 * dates as `dateText` writes them.
 */
export function parquetValue(value: unknown, dateText: (date: Date) => string): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return value;
  // Some files have instants that JavaScript lacks.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : dateText(value);
  if (value instanceof Uint8Array) return base64(value);
  const item = (one: unknown): unknown => parquetValue(one, dateText) ?? null;
  if (Array.isArray(value)) return value.map(item);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, item);
  }
  return parquetObject(value, dateText);
}

/** The members that have a value. */
export function parquetObject(
  object: object,
  dateText: (date: Date) => string,
): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    const own = parquetValue(value, dateText);
    if (own !== undefined) plain[name] = own;
  }
  return plain;
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
