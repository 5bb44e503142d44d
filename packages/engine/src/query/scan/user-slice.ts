/** Users that a range of ordinals takes of an ascending list: from `firstRun` to before `endRun`. */
export interface UserSlice {
  readonly rows: { readonly users: Uint32Array };
  readonly firstRun: number;
  readonly endRun: number;
}

/**
 * Where the range before ended in a list. Ranges come mostly in ascending order, so that the next one is
 * found without a search through the day.
 */
export interface RangeCursor {
  user: number;
  run: number;
}

/** The users first … end − 1. Moves the cursor to the end; it may be at any place before. */
export function sliceUsers(
  rows: UserSlice['rows'],
  first: number,
  end: number,
  cursor: RangeCursor,
): UserSlice {
  const { users } = rows;
  const firstRun =
    cursor.user === first
      ? cursor.run
      : lowerBound(users, first, cursor.user < first ? cursor.run : 0);
  const endRun = lowerBound(users, end, firstRun);
  cursor.user = end;
  cursor.run = endRun;
  return { rows, firstRun, endRun };
}

/** First index ≥ `from` whose value is ≥ `limit`: strides first, because ranges are small beside days. */
function lowerBound(values: Uint32Array, limit: number, from: number): number {
  let low = from;
  let stride = 256;
  while (low + stride < values.length && values[low + stride] < limit) {
    low += stride;
    stride *= 2;
  }
  let high = Math.min(low + stride, values.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
