import type { PropertyValue } from '@arbor/schema/property-value';
import type { Steps } from '../../base/slices.ts';
import { kindOf, textRank } from '../merge/value-order.ts';

/** Numbers by which values can mostly be told apart in `compareValues`' order; where they are equal, it decides. */
export interface ValueRanks {
  /** By code. NaN = no value: a stored null. */
  readonly byCode: Float64Array;
  /** Of any value, whether the dictionary has it or not. */
  readonly of: (value: PropertyValue) => number;
}

const valuesAStep = 16_384;
const known = new WeakMap<readonly PropertyValue[], ValueRanks>();

/** Values never change, so neither do their ranks: they are made once. */
export function* valueRanks(values: readonly PropertyValue[]): Steps<ValueRanks> {
  const made = known.get(values);
  if (made !== undefined) return made;
  const of = rankBy(yield* commonKind(values));
  const byCode = new Float64Array(values.length).fill(NaN);
  for (let code = 1; code < values.length; code++) {
    const value = values[code];
    if (value !== null) byCode[code] = of(value);
    if (code % valuesAStep === 0) yield;
  }
  const ranks = { byCode, of };
  known.set(values, ranks);
  return ranks;
}

/** The kind of all values; null = there are several. */
function* commonKind(values: readonly PropertyValue[]): Steps<number | null> {
  let common: number | null = null;
  for (let code = 1; code < values.length; code++) {
    const value = values[code];
    if (value === null) continue;
    const kind = kindOf(value);
    if (common !== null && kind !== common) return null;
    common = kind;
    if (code % (valuesAStep * 4) === 0) yield;
  }
  return common;
}

/** Values of the common kind are told apart, others lie before or behind all of these. */
function rankBy(common: number | null): ValueRanks['of'] {
  if (common !== 0 && common !== 1) return kindOf;
  return (value) => {
    const kind = kindOf(value);
    if (kind !== common) return kind < common ? -Number.MAX_VALUE : Number.MAX_VALUE;
    return typeof value === 'number' ? value : textRank(value as string);
  };
}
