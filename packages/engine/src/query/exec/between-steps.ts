import type { Attempts } from './attempts.ts';
import { numbersColumn } from './computed-behavior.ts';
import type { BehaviorProperty } from './computed-behavior.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';

/** Places in a list of rows; `end` is exclusive. */
interface Places {
  readonly begin: number;
  readonly end: number;
}

/**
 * What users did strictly between two steps of their attempts, or an aggregate over it, by attempt (5.10, 14.5).
 * Events that fulfil a step of the attempt are left out; without the later step there is no value.
 */
export function betweenSteps(
  { selector, aggregate, property }: BehaviorProperty,
  { from, to }: { readonly from: number; readonly to: number },
  attempts: Attempts,
  context: RowContext,
): PropertyColumn {
  const { view, frame } = context;
  const rows = rowsOf(selectorMask(selector, [], view, frame));
  const column = property === null ? undefined : frame.column(property);
  const fold =
    aggregate === 'count'
      ? countRows
      : aggregate === 'distinct_count'
        ? distinctRows(column)
        : foldNumbers(aggregate, column);
  const { count, stepCount, stepRows } = attempts;
  const numbers = new Float64Array(count).fill(NaN);
  const own = new Uint32Array(rows.length);
  for (let attempt = 0; attempt < count; attempt++) {
    const base = attempt * stepCount;
    const one = stepRows[base + from];
    const other = stepRows[base + to];
    if (one < 0 || other < 0) continue;
    // Grace lets a later step come first. Rows of a user lie together: all between are of the same one.
    const places = placesBetween(rows, Math.min(one, other), Math.max(one, other));
    const length = keepOthers(rows, places, stepRows.subarray(base, base + stepCount), own);
    numbers[attempt] = fold(own.subarray(0, length), attempt);
  }
  return numbersColumn(numbers);
}

/** The rows of a mask, ascending. */
function rowsOf(mask: Uint8Array): Uint32Array {
  const rows = new Uint32Array(mask.reduce((sum, set) => sum + set, 0));
  let count = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) rows[count++] = row;
  return rows;
}

function placesBetween(rows: Uint32Array, after: number, before: number): Places {
  return { begin: firstFrom(rows, after + 1), end: firstFrom(rows, before) };
}

/** Place of the first of the ascending rows that is `row` or later. */
function firstFrom(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Copies the rows of these places that are none of the steps; returns how many. */
function keepOthers(
  rows: Uint32Array,
  { begin, end }: Places,
  steps: Int32Array,
  target: Uint32Array,
): number {
  let count = 0;
  for (let place = begin; place < end; place++) {
    if (!steps.includes(rows[place])) target[count++] = rows[place];
  }
  return count;
}

/** Makes one number of the rows of an attempt; NaN = nothing to aggregate. */
type Fold = (rows: Uint32Array, attempt: number) => number;

const countRows: Fold = ({ length }) => length;

function distinctRows(column: PropertyColumn | undefined): Fold {
  if (column === undefined) return () => 0;
  const { codes, values } = column;
  // By code: the attempt that it was last seen in, and one more.
  const seenIn = new Uint32Array(values.length);
  return (rows, attempt) => {
    let count = 0;
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]];
      if (code === 0 || values[code] === null || seenIn[code] === attempt + 1) continue;
      seenIn[code] = attempt + 1;
      count++;
    }
    return count;
  };
}

function foldNumbers(
  aggregate: 'sum' | 'average' | 'min' | 'max',
  column: PropertyColumn | undefined,
): Fold {
  if (column === undefined) return () => NaN;
  const { codes } = column;
  const numbers = Float64Array.from(column.values, (value, code) =>
    code > 0 && typeof value === 'number' ? value : NaN,
  );
  return (rows) => {
    let count = 0;
    let result = NaN;
    for (let i = 0; i < rows.length; i++) {
      const number = numbers[codes[rows[i]]];
      if (Number.isNaN(number)) continue;
      if (count++ === 0) result = number;
      else if (aggregate === 'min') result = Math.min(result, number);
      else if (aggregate === 'max') result = Math.max(result, number);
      else result += number;
    }
    return aggregate === 'average' ? result / count : result;
  };
}
