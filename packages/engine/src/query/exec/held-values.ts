import type { PropertyPlan } from '../plan/plan-types.ts';
import type { Frame } from './frame.ts';

/**
 * The values of properties that are held constant, as one number by thing: equal where all are equal, 0 where one
 * is missing or null. Null = nothing is held.
 */
export function heldValues(hold: readonly PropertyPlan[], frame: Frame): Uint32Array | null {
  let held: Uint32Array | null = null;
  for (const property of hold) {
    const column = frame.column(property);
    if (column === undefined) return new Uint32Array(frame.count);
    const { codes, values } = column;
    const numbers = new Map<number, number>();
    const own = new Uint32Array(frame.count);
    for (let thing = 0; thing < own.length; thing++) {
      const code = codes[thing];
      const before: number = held === null ? 1 : held[thing];
      if (code === 0 || before === 0 || values[code] === null) continue;
      const pair = before * values.length + code;
      const known = numbers.get(pair) ?? numbers.size + 1;
      numbers.set(pair, known);
      own[thing] = known;
    }
    held = own;
  }
  return held;
}
