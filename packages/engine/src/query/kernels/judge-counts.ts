import type { BehaviorCount } from '@arbor/schema/query';

/** "At least 3", "between 2 and 5": what a number of a user is compared with. */
export interface NumberTest {
  readonly operator: BehaviorCount['operator'];
  readonly value: number;
  /** The upper end of `between`, inside. */
  readonly to?: number;
}

/** Counts are whole numbers below this. */
const countEnd = 2 ** 32;

/** Keeps of the mask the users whose count passes: `mask[u] &= counts[u] <operator> value`. */
export function judgeCounts(
  counts: Uint32Array,
  { operator, value, to = Infinity }: NumberTest,
  mask: Uint8Array,
): void {
  switch (operator) {
    case 'at_least':
      return keepWithin(counts, value, Infinity, mask);
    case 'at_most':
      return keepWithin(counts, 0, value, mask);
    case 'exactly':
      return keepWithin(counts, value, value, mask);
    case 'greater_than':
      return keepWithin(counts, Math.floor(value) + 1, Infinity, mask);
    case 'less_than':
      return keepWithin(counts, 0, Math.ceil(value) - 1, mask);
    case 'between':
      return keepWithin(counts, value, to, mask);
    case 'not_exactly':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(counts[user] !== value);
  }
}

/**
 * Keeps users whose count is from `least` to `most`. One comparison a user, of numbers without a sign, and none of
 * those who have not passed what was judged before, as mostly are nearly all.
 */
function keepWithin(counts: Uint32Array, least: number, most: number, mask: Uint8Array): void {
  const low = Math.max(0, Math.ceil(least));
  const high = Math.min(countEnd - 1, Math.floor(most));
  if (!(low <= high)) {
    mask.fill(0);
    return;
  }
  const span = high - low;
  for (let user = 0; user < mask.length; user++) {
    if (mask[user] === 0) continue;
    if ((counts[user] - low) >>> 0 > span) mask[user] = 0;
  }
}
