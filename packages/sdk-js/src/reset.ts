import type { Core } from './core.ts';

/** `reset()`: what waits in the queue stays as it was captured and is delivered. */
export function createReset(core: Core): () => void {
  return () => core.become({ deviceId: core.surroundings.uuid(), properties: {} });
}
