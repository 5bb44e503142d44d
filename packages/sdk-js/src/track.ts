import { copyProperties } from './copy.ts';
import type { Core } from './core.ts';

const nameCharactersMax = 255;

/** `track(event, properties)`: a name that no event may have is ignored. */
export function createTrack(core: Core): (event: string, properties?: unknown) => void {
  return (event, properties) => {
    if (typeof event !== 'string' || !event || event.length > nameCharactersMax) return;
    core.event(event, copyProperties(properties));
  };
}
