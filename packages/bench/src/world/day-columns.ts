/** Events of one UTC day as codes (world/vocabulary.ts), ascending by time. */
export interface DayColumns {
  readonly rowCount: number;
  /** Ms since the day began. */
  readonly time: Uint32Array;
  readonly user: Uint32Array;
  readonly event: Uint8Array;
  readonly system: Uint8Array;
  readonly browser: Uint8Array;
  readonly country: Uint8Array;
  readonly plan: Uint8Array;
  /** `noItem` where the event is about none; then price and quantity are 0 and stand for nothing. */
  readonly item: Uint16Array;
  /** Cents. */
  readonly price: Uint32Array;
  readonly quantity: Uint8Array;
  readonly referrer: Uint16Array;
  readonly url: Uint16Array;
  /** 1 on the day of the sign-up and the day after. */
  readonly isNew: Uint8Array;
}

export const noItem = 65_535;

export type ColumnName = Exclude<keyof DayColumns, 'rowCount'>;

type ColumnArray = Uint8Array | Uint16Array | Uint32Array;

/** In the order of the day files. */
export const columnTypes: Readonly<
  Record<ColumnName, Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor>
> = {
  time: Uint32Array,
  user: Uint32Array,
  event: Uint8Array,
  system: Uint8Array,
  browser: Uint8Array,
  country: Uint8Array,
  plan: Uint8Array,
  item: Uint16Array,
  price: Uint32Array,
  quantity: Uint8Array,
  referrer: Uint16Array,
  url: Uint16Array,
  isNew: Uint8Array,
};

export const columnNames = Object.keys(columnTypes) as ColumnName[];

/** Room for rows; every column has its own array of `rowCount` values. */
export function allocateColumns(rowCount: number): DayColumns {
  return columnsFrom(rowCount, (name) => new columnTypes[name](rowCount));
}

export function columnsFrom(
  rowCount: number,
  columnOf: (name: ColumnName) => ColumnArray,
): DayColumns {
  const columns = Object.fromEntries(columnNames.map((name) => [name, columnOf(name)]));
  // Complete, because `columnNames` are the keys of a record over all of them.
  return { rowCount, ...columns } as unknown as DayColumns;
}

/** The first rows in ascending order of time; rows of one instant keep their order. */
export function sortedByTime(columns: DayColumns, rowCount: number): DayColumns {
  const order = timeOrder(columns.time, rowCount);
  return columnsFrom(rowCount, (name) => {
    const source = columns[name];
    const target = new columnTypes[name](rowCount);
    for (let i = 0; i < rowCount; i++) target[i] = source[order[i]];
    return target;
  });
}

/** Two passes of a counting sort: the ms of a day have 27 bits. */
function timeOrder(time: Uint32Array, rowCount: number): Uint32Array {
  const lowBits = 14;
  const lowMask = (1 << lowBits) - 1;
  const lowStarts = new Uint32Array(lowMask + 2);
  const highStarts = new Uint32Array(lowMask + 2);
  for (let i = 0; i < rowCount; i++) {
    lowStarts[(time[i] & lowMask) + 1]++;
    highStarts[(time[i] >>> lowBits) + 1]++;
  }
  for (let i = 0; i <= lowMask; i++) {
    lowStarts[i + 1] += lowStarts[i];
    highStarts[i + 1] += highStarts[i];
  }
  const byLow = new Uint32Array(rowCount);
  for (let i = 0; i < rowCount; i++) byLow[lowStarts[time[i] & lowMask]++] = i;
  const order = new Uint32Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const row = byLow[i];
    order[highStarts[time[row] >>> lowBits]++] = row;
  }
  return order;
}
