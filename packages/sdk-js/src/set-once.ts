import { copyProperties } from './copy.ts';
import type { Core } from './core.ts';

/** `people.setOnce(properties)` */
export function createSetOnce(core: Core): (properties: unknown) => void {
  return (properties) => core.person('$set_once', copyProperties(properties));
}
