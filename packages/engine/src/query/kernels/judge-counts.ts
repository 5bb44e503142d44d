import type { BehaviorCount } from '@arbor/schema/query';

/** "At least 3", "between 2 and 5": what a number of a user is compared with. */
export interface NumberTest {
  readonly operator: BehaviorCount['operator'];
  readonly value: number;
  /** The upper end of `between`, inside. */
  readonly to?: number;
}

/** Keeps of the mask the users whose count passes: `mask[u] &= counts[u] <operator> value`. */
export function judgeCounts(
  counts: Uint32Array,
  { operator, value, to = Infinity }: NumberTest,
  mask: Uint8Array,
): void {
  switch (operator) {
    case 'at_least':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] >= value);
      return;
    case 'at_most':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] <= value);
      return;
    case 'exactly':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] === value);
      return;
    case 'not_exactly':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] !== value);
      return;
    case 'greater_than':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] > value);
      return;
    case 'less_than':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] < value);
      return;
    case 'between':
      for (let user = 0; user < mask.length; user++) {
        mask[user] &= Number(counts[user] >= value && counts[user] <= to);
      }
  }
}
