import type { PlanOperator, PropertyFilterPlan } from '../plan/plan-types.ts';
import { passes } from '../exec/verdicts.ts';
import type { ScanDictionary } from './scan-source.ts';

/** A filter's answer for every distinct value of one dictionary. */
export interface Verdicts {
  /** 1 = passes, by code; code 0 is a missing value. */
  readonly byCode: Uint8Array;
  /** What every code has for an answer; null = they differ. */
  readonly constant: 0 | 1 | null;
}

/**
 * Filters remembered for one dictionary. A dashboard repeats a handful; the bound keeps somebody who
 * tries a hundred from leaving a hundred arrays with every dictionary in memory.
 */
const filtersMax = 8;

const known = new WeakMap<ScanDictionary, Map<string, Verdicts>>();

/** What tells the verdicts of a filter from those of another: made once a filter, not once a dictionary. */
export function verdictKey(filter: PropertyFilterPlan): string {
  const { operator, quantifier = 'any', timezone = '', matchCase = false, values } = filter;
  return `${operator} ${quantifier} ${timezone} ${matchCase} ${JSON.stringify(values)}`;
}

/** The verdicts over a dictionary, computed once for as long as the dictionary is in memory. */
export function verdictsOver(
  filter: PropertyFilterPlan,
  dictionary: ScanDictionary,
  key = verdictKey(filter),
): Verdicts {
  let own = known.get(dictionary);
  if (own === undefined) known.set(dictionary, (own = new Map<string, Verdicts>()));
  const found = own.get(key);
  if (found) return found;
  const made = withConstant(judgeDictionary(filter, dictionary));
  if (own.size >= filtersMax) own.delete(own.keys().next().value ?? '');
  own.set(key, made);
  return made;
}

/** What the filter says where nothing has the property. */
export function verdictOnMissing(filter: PropertyFilterPlan): 0 | 1 {
  return passes(filter, null) ? 1 : 0;
}

export function withConstant(byCode: Uint8Array): Verdicts {
  const first = byCode[0] === 1 ? 1 : 0;
  return { byCode, constant: byCode.every((verdict) => verdict === first) ? first : null };
}

/** These look at numbers alone: a dictionary of numbers answers them without its values decoded. */
const numberOperators: ReadonlySet<PlanOperator> = new Set<PlanOperator>([
  'greater_than',
  'less_than',
  'at_least',
  'at_most',
  'between',
  'not_between',
]);

/** The filter's answer by code, computed anew. */
export function judgeDictionary(
  filter: PropertyFilterPlan,
  dictionary: ScanDictionary,
): Uint8Array {
  const byNumber = numberOperators.has(filter.operator);
  const count = byNumber ? dictionary.numbers.length : dictionary.values.length;
  const byCode = new Uint8Array(Math.max(count, 1));
  byCode[0] = verdictOnMissing(filter);
  for (let code = 1; code < count; code++) {
    const number = byNumber ? dictionary.numbers[code] : NaN;
    // No number: a text never passes, but a list does when one of its items is a number that does.
    const value = Number.isNaN(number) ? dictionary.values[code] : number;
    byCode[code] = passes(filter, value) ? 1 : 0;
  }
  return byCode;
}
