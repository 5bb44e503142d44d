import type { SeriesFunction } from './functions.ts';
import { roundHalfAway } from './numbers.ts';

/** One value a bucket; null is a gap, shown as "–". */
export type Series = readonly (number | null)[];

export type ReportFunction = SeriesFunction | 'ceil' | 'floor' | 'if' | 'max' | 'min' | 'round';

/** The functions of a report (`ux.md` UX-M3). Arguments have one length; the parser has counted them. */
const seriesFunctions: Readonly<Record<ReportFunction, (args: readonly Series[]) => Series>> = {
  abs: ofNumber(Math.abs),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  sqrt: ofNumber(Math.sqrt),
  log: ofNumber(Math.log10),
  ln: ofNumber(Math.log),
  min: (args) => args.reduce((left, right) => combine(left, right, Math.min)),
  max: (args) => args.reduce((left, right) => combine(left, right, Math.max)),
  round: ([values = [], digits]) =>
    digits === undefined
      ? lift(values, (value) => roundHalfAway(value))
      : combine(values, digits, roundHalfAway),
  if: ([conditions = [], then, otherwise]) =>
    conditions.map((condition, i) => {
      if (condition === null) return null;
      return (condition === 0 ? otherwise?.[i] : then?.[i]) ?? null;
    }),
  prev: ([values = [], back]) => previous(values, back?.[0] ?? 1),
  cum: ([values = []]) => cumulative(values),
  avg: ([values = [], count]) => rollingAverage(values, count?.[0] ?? 1),
};

/** The function of that name, or undefined where reports have none. */
export function seriesFunction(name: string): ((args: readonly Series[]) => Series) | undefined {
  return isReportFunction(name) ? seriesFunctions[name] : undefined;
}

function isReportFunction(name: string): name is ReportFunction {
  return Object.hasOwn(seriesFunctions, name);
}

function ofNumber(calculate: (value: number) => number): (args: readonly Series[]) => Series {
  return ([values = []]) => lift(values, calculate);
}

/** Each value by itself; gaps stay, and what is no finite number becomes one. */
export function lift(values: Series, calculate: (value: number) => number | null): Series {
  return values.map((value) => (value === null ? null : finiteOrGap(calculate(value))));
}

/** Bucket by bucket; a gap on either side is a gap. */
export function combine(
  left: Series,
  right: Series,
  calculate: (left: number, right: number) => number | null,
): Series {
  return left.map((value, i) => {
    const other = right[i] ?? null;
    return value === null || other === null ? null : finiteOrGap(calculate(value, other));
  });
}

function finiteOrGap(value: number | null): number | null {
  // Adding 0 turns -0 into 0.
  return value !== null && Number.isFinite(value) ? value + 0 : null;
}

/** The value so many buckets ago; a gap where that lies before the range. */
function previous(values: Series, back: number): Series {
  return values.map((_, i) => values[i - back] ?? null);
}

/** The sum from the first bucket on; gaps add nothing. */
function cumulative(values: Series): Series {
  let sum = 0;
  return values.map((value) => finiteOrGap((sum += value ?? 0)));
}

/**
 * The mean of this bucket and those before it, `count` in all. Gaps and buckets before the range are left out; a gap
 * where nothing is left. Each window is summed anew, because a running sum would keep the errors of large values.
 */
function rollingAverage(values: Series, count: number): Series {
  return values.map((_, i) => {
    let [sum, n] = [0, 0];
    for (let j = Math.max(0, i - count + 1); j <= i; j++) {
      const value = values[j] ?? null;
      if (value === null) continue;
      sum += value;
      n += 1;
    }
    return n === 0 ? null : finiteOrGap(sum / n);
  });
}
