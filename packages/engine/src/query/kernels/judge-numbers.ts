import type { NumberTest } from './judge-counts.ts';

/** `judgeCounts` for numbers of any kind: it sees one class of arrays, this one the other. NaN passes nothing. */
export function judgeNumbers(
  numbers: Float64Array,
  { operator, value, to = Infinity }: NumberTest,
  mask: Uint8Array,
): void {
  switch (operator) {
    case 'at_least':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(numbers[user] >= value);
      return;
    case 'at_most':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(numbers[user] <= value);
      return;
    case 'exactly':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(numbers[user] === value);
      return;
    case 'not_exactly':
      for (let user = 0; user < mask.length; user++) {
        mask[user] &= Number(numbers[user] !== value && !Number.isNaN(numbers[user]));
      }
      return;
    case 'greater_than':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(numbers[user] > value);
      return;
    case 'less_than':
      for (let user = 0; user < mask.length; user++) mask[user] &= Number(numbers[user] < value);
      return;
    case 'between':
      for (let user = 0; user < mask.length; user++) {
        mask[user] &= Number(numbers[user] >= value && numbers[user] <= to);
      }
  }
}
