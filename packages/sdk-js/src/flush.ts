import type { Core } from './core.ts';

/** `flush()`: never rejects. */
export function createFlush(core: Core): () => Promise<void> {
  return () => core.sender.flush().catch(() => {});
}
