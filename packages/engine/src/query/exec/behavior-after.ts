import type { BehaviorProperty } from './computed-behavior.ts';
import { numbersColumn } from './computed-behavior.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';

/**
 * What the user of each row did after it, at most `withinMs` later (14.5): how often, or an aggregate over it. Rows
 * come in the order of users and times, so the window of a row begins and ends where that of the row before does, or
 * later.
 */
export function behaviorAfter(
  { selector, aggregate, property }: BehaviorProperty,
  withinMs: number,
  context: RowContext,
): PropertyColumn {
  const { view, frame } = context;
  const column = property === null ? undefined : frame.column(property);
  const own = setPlaces(selectorMask(selector, [], view, frame));
  const windows = windowsAfter(own, withinMs, context);
  switch (aggregate) {
    case 'count':
      return numbersColumn(lengthsOf(windows));
    case 'distinct_count':
      return numbersColumn(distinctIn(windows, own, column));
    case 'sum':
    case 'average':
    case 'min':
    case 'max':
      return numbersColumn(aggregatesIn(aggregate, windows, own, column));
  }
}

/** By row: places [begins, ends) of a list. Neither ever falls. −1 = the row is of nobody. */
interface Windows {
  readonly begins: Int32Array;
  readonly ends: Int32Array;
}

/** The rows of a mask, ascending. */
function setPlaces(mask: Uint8Array): Uint32Array {
  const places = new Uint32Array(mask.reduce((sum, set) => sum + set, 0));
  let count = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) places[count++] = row;
  return places;
}

function windowsAfter(own: Uint32Array, withinMs: number, { view }: RowContext): Windows {
  const { times, users, rowCount } = view;
  const begins = new Int32Array(rowCount).fill(-1);
  const ends = new Int32Array(rowCount).fill(-1);
  let begin = 0;
  let end = 0;
  for (let row = 0; row < rowCount; row++) {
    if (users[row] === 0) continue;
    while (begin < own.length && own[begin] <= row) begin++;
    end = Math.max(begin, end);
    const lastMs = times[row] + withinMs;
    while (end < own.length && users[own[end]] === users[row] && times[own[end]] <= lastMs) end++;
    begins[row] = begin;
    ends[row] = end;
  }
  return { begins, ends };
}

function lengthsOf({ begins, ends }: Windows): Float64Array {
  const counts = new Float64Array(begins.length).fill(NaN);
  for (let row = 0; row < counts.length; row++) {
    if (begins[row] >= 0) counts[row] = ends[row] - begins[row];
  }
  return counts;
}

/** Codes enter and leave a count of each as the window moves. */
function distinctIn(
  { begins, ends }: Windows,
  own: Uint32Array,
  column: PropertyColumn | undefined,
): Float64Array {
  const values = column?.values ?? [null];
  const codes = Uint32Array.from(own, (row) => column?.codes[row] ?? 0);
  const isValue = Uint8Array.from(values, (value, code) => Number(code > 0 && value !== null));
  const counts = new Uint32Array(values.length);
  const distinct = new Float64Array(begins.length).fill(NaN);
  let [begin, end, count] = [0, 0, 0];
  for (let row = 0; row < begins.length; row++) {
    if (begins[row] < 0) continue;
    for (; end < ends[row]; end++) {
      if (isValue[codes[end]] === 1 && counts[codes[end]]++ === 0) count++;
    }
    for (; begin < begins[row]; begin++) {
      if (isValue[codes[begin]] === 1 && --counts[codes[begin]] === 0) count--;
    }
    distinct[row] = count;
  }
  return distinct;
}

type Combine = (left: number, right: number) => number;

const combiners: Readonly<Record<'sum' | 'average' | 'min' | 'max', Combine>> = {
  sum: (left, right) => left + right,
  average: (left, right) => left + right,
  min: Math.min,
  max: Math.max,
};

/**
 * A queue of two stacks: what is at work in front is aggregated backwards from `split` once, what comes behind it
 * forwards. So nothing is ever taken off a sum, and each number is combined twice at most, whatever the windows are.
 */
function aggregatesIn(
  aggregate: 'sum' | 'average' | 'min' | 'max',
  windows: Windows,
  own: Uint32Array,
  column: PropertyColumn | undefined,
): Float64Array {
  const results = new Float64Array(windows.begins.length).fill(NaN);
  if (column === undefined) return results;
  const { numbers, begins, ends } = onlyNumbers(windows, own, column);
  const combine = combiners[aggregate];
  const front = new Float64Array(numbers.length);
  let [split, end, back] = [0, 0, NaN];
  for (let row = 0; row < results.length; row++) {
    const begin = begins[row];
    if (begin < 0) continue;
    for (; end < ends[row]; end++) {
      back = end === split ? numbers[end] : combine(back, numbers[end]);
    }
    if (begin >= split) {
      for (let place = end - 1; place >= begin; place--) {
        front[place] =
          place === end - 1 ? numbers[place] : combine(numbers[place], front[place + 1]);
      }
      split = end;
    }
    if (begin >= end) continue;
    const all = end === split ? front[begin] : combine(front[begin], back);
    results[row] = aggregate === 'average' ? all / (end - begin) : all;
  }
  return results;
}

/** The windows over those rows that have a number. */
function onlyNumbers(
  { begins, ends }: Windows,
  own: Uint32Array,
  { codes, values }: PropertyColumn,
): Windows & { readonly numbers: Float64Array } {
  // By place: how many before it have one.
  const before = new Int32Array(own.length + 1);
  const numbers = new Float64Array(own.length);
  let count = 0;
  for (let place = 0; place < own.length; place++) {
    before[place] = count;
    const code = codes[own[place]];
    const value = code === 0 ? null : values[code];
    if (typeof value === 'number') numbers[count++] = value;
  }
  before[own.length] = count;
  const placeOf = (place: number): number => (place < 0 ? -1 : before[place]);
  return {
    numbers: numbers.subarray(0, count),
    begins: begins.map(placeOf),
    ends: ends.map(placeOf),
  };
}
