import { notPlain } from '../../plan/plain-plan.ts';
import type { FilterPlan } from '../../plan/plan-types.ts';
import { isOfUser, peopleMask } from '../people-mask.ts';
import type { ScanSource } from '../scan-source.ts';
import { verdictsOver } from '../verdict-cache.ts';
import type { AttemptTable } from './attempt-table.ts';
import type { AttributedValues } from '../attributed-values.ts';

/** What attempts are judged by after they were found (5.8). */
export interface AttemptJudge {
  readonly filters: readonly FilterPlan[];
  readonly source: ScanSource;
  readonly values: AttributedValues;
}

/** Event properties that the filters look at, by name; those that users decide are none. */
export function attributedNames(filters: readonly FilterPlan[]): string[] {
  return filters.flatMap((filter) => {
    if (isOfUser(filter)) return [];
    if (filter.type === 'property') return [filter.property.name];
    return 'filters' in filter ? attributedNames(filter.filters) : [];
  });
}

/** 1 where the attempt passes every filter; null = all do, as there is none. */
export function judgeAttempts(judge: AttemptJudge, table: AttemptTable): Uint8Array | null {
  if (judge.filters.length === 0) return null;
  const mask = new Uint8Array(table.count).fill(1);
  for (const filter of judge.filters) narrowBy(filter, judge, table, mask);
  return mask;
}

function narrowBy(
  filter: FilterPlan,
  judge: AttemptJudge,
  table: AttemptTable,
  mask: Uint8Array,
): void {
  if (isOfUser(filter)) {
    const people = peopleMask([filter], judge.source);
    const users = table.users.array;
    for (let i = 0; i < mask.length; i++) mask[i] &= people[users[i]];
    return;
  }
  switch (filter.type) {
    case 'all':
      for (const inner of filter.filters) narrowBy(inner, judge, table, mask);
      return;
    case 'any': {
      const some = new Uint8Array(mask.length);
      for (const option of filter.filters) {
        const own = mask.slice();
        narrowBy(option, judge, table, own);
        for (let i = 0; i < own.length; i++) some[i] |= own[i];
      }
      mask.set(some);
      return;
    }
    case 'property': {
      const at = judge.values.indexOf(filter.property.name);
      const { byCode } = verdictsOver(filter, judge.values.dictionaryOf(at));
      const { valueCount } = table.shape;
      const values = table.values.array;
      for (let i = 0; i < mask.length; i++) mask[i] &= byCode[values[i * valueCount + at]];
      return;
    }
    case 'items':
    case 'cohort':
      notPlain(filter.type);
  }
}
