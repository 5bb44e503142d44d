import { isList, isObject, type Value, type ValueObject } from './value.ts';
import type { WorkBudget } from './work-budget.ts';

export type Equals = (left: Value, right: Value) => boolean;

/**
 * Equality of type and value: values of two types are never equal (`query-api.md` 19.2). `ignoresCase` compares texts
 * in lower case, also those inside lists and objects (`reports.md` 14.3).
 */
export function equality(ignoresCase: boolean, budget: WorkBudget): Equals {
  const equals: Equals = (left, right) => {
    if (left === right) return true;
    if (typeof left === 'string' && typeof right === 'string') {
      if (!ignoresCase) return false;
      budget.spendText(left.length + right.length);
      return equalIgnoringCase(left, right);
    }
    if (isList(left) && isList(right)) {
      budget.spend(left.length);
      return left.length === right.length && left.every((item, i) => equals(item, right[i]));
    }
    if (isObject(left) && isObject(right)) return equalObjects(left, right);
    return false;
  };
  const equalObjects = (left: ValueObject, right: ValueObject): boolean => {
    const keys = Object.keys(left);
    budget.spend(keys.length);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equals(left[key], right[key]))
    );
  };
  return equals;
}

export function equalIgnoringCase(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
