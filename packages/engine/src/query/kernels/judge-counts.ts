import type { BehaviorCount } from '@arbor/schema/query';

/** Keeps of the mask the users whose count passes: `mask[u] &= counts[u] <operator> value`. */
export function judgeCounts(
  counts: Uint32Array,
  operator: BehaviorCount['operator'],
  value: number,
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
  }
}
