import { copyProperties } from './copy.ts';
import type { Core } from './core.ts';

/** `people.set(properties)` */
export function createSet(core: Core): (properties: unknown) => void {
  return (properties) => core.person('$set', copyProperties(properties));
}
