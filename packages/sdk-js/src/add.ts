import { copyProperties } from './copy.ts';
import type { Core } from './core.ts';

/** `people.add(numbers)`: anything but numbers is left out, so that it cannot spoil the record. */
export function createAdd(core: Core): (numbers: unknown) => void {
  return (given) => {
    const numbers = Object.entries(copyProperties(given)).filter(([, n]) => typeof n === 'number');
    if (numbers.length > 0) core.person('$add', Object.fromEntries(numbers));
  };
}
