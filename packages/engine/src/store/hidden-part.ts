import { createHash } from 'node:crypto';
import type { MemoryPart, SegmentPart } from '../query/scan/project-snapshot.ts';

/** The part without these rows either: other contents, so another id. */
export function withHiddenRows<Part extends MemoryPart | SegmentPart>(
  part: Part,
  rows: Iterable<number>,
): Part {
  const hiddenRows = Uint32Array.from(new Set([...part.hiddenRows, ...rows])).sort();
  const digest = createHash('sha256').update(hiddenRows).digest('base64url');
  return { ...part, id: `${part.id}-${digest}`, hiddenRows };
}
