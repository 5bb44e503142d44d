import { copyProperties } from './copy.ts';
import type { Core } from './core.ts';

/** `register(properties)`: kept over reloads until `reset()`. */
export function createRegister(core: Core): (properties: unknown) => void {
  return (given) => {
    const identity = core.identity();
    const properties = { ...identity.properties, ...copyProperties(given) };
    core.become({ ...identity, properties });
  };
}
